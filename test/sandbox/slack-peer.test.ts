/** The Slack peer with an unmodified Bolt, in socket and HTTP mode: features of Slack work the same. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { plainText } from '../../sandbox/slack/shown.ts';
import { button, overHttp, overSocket, type Rig } from './slack-rig.ts';

describe.each([
  { mode: 'socket', start: overSocket },
  { mode: 'http', start: overHttp },
])('a Bolt app over $mode', ({ start }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await start();
  });
  afterAll(() => rig.stop());

  it('answers a command, first at once, then in its place', async () => {
    const { peer } = rig;
    const asked = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache 192.0.2.7');
    expect(asked.failure).toBeNull();
    const answer = await asked.answer(/is blocked/);
    expect(answer).toMatchObject({ isPrivate: true, replaced: true, via: 'response_url' });
    expect(answer.text).toBe('192.0.2.7 is blocked\n[Check again]');
    expect(asked.answers.map(({ text }) => text)).toEqual(['Looking…', answer.text]);

    const clicked = await peer.click('U0ALICE', answer.shown, { text: 'Check again' });
    expect((await clicked.answer()).text).toBe('fixed');
    expect(peer.workspace.ephemeralsFor('U0ALICE').map(plainText)).toEqual(['fixed']);
    expect(peer.workspace.ephemeralsFor('U0BOB')).toEqual([]);
    expect(clicked.delivery.payload).not.toHaveProperty('message');
  });

  it('includes the message of a public button, and does not replace it on request', async () => {
    const { peer, client } = rig;
    const { ts = '' } = await client.chat.postMessage({
      channel: 'C0DATABASES',
      text: 'alert',
      blocks: [{ type: 'actions', elements: [button('again', 'Check again', 'x')] }],
    });
    const clicked = await peer.click('U0BOB', { channel: 'C0DATABASES', ts }, { value: 'x' });
    expect(await clicked.answer()).toMatchObject({ text: 'only you', isPrivate: true });
    expect(clicked.delivery.payload).toMatchObject({
      message: { ts, text: 'alert' },
      container: { is_ephemeral: false },
    });
    expect(peer.workspace.message('C0DATABASES', ts)?.text).toBe('alert');
  });

  it('clicks buttons that are gone, and forged ones', async () => {
    const { peer, client } = rig;
    const blocks = [{ type: 'actions', elements: [button('again', 'Approve', 'approve FR-1')] }];
    const channel = 'C0DATABASES';
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'card', blocks });
    await client.chat.update({ channel, ts, text: 'flushed' });
    const where = { channel, ts };
    await expect(peer.click('U0BOB', where, { text: 'Approve' })).rejects.toThrow(
      'there is: nothing',
    );
    const options = { isStale: true, forgedValue: 'approve FR-2' };
    const clicked = await peer.click('U0BOB', where, { text: /^App/ }, options);
    expect(clicked.delivery.payload).toMatchObject({
      actions: [{ action_id: 'again', value: 'approve FR-2' }],
    });
    expect((await clicked.answer()).text).toBe('only you');
  });

  it('shows a person an acknowledgement that Slack refuses as a failure', async () => {
    const { peer } = rig;
    const { refusals } = peer;
    const asked = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache broken');
    expect(asked).toMatchObject({ failure: 'invalid_blocks', answers: [] });
    expect(refusals.at(-1)?.details[0]).toContain('/blocks/0/text/text');
    const open = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache public');
    expect(await open.answer()).toMatchObject({ isPrivate: false, text: 'for all' });
  });

  it('opens a modal, shows its errors, and submits it', async () => {
    const { peer } = rig;
    const asked = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache modal');
    const view = await asked.opened();
    await expect(peer.submit('U0ALICE', view.id, { Reason: '' })).rejects.toThrow('filled in');
    await peer.submit('U0ALICE', view.id, { Reason: 'no' });
    expect(peer.workspace.modals.get(view.id)?.errors).toEqual({ reason: 'say more' });
    await peer.submit('U0ALICE', view.id, { Reason: 'NAT replaced' });
    expect(peer.workspace.modalsOf('U0ALICE')).toEqual([]);
    await peer.workspace.until(() =>
      peer.workspace.roots('C0DATABASES').find(({ text }) => text === 'U0ALICE: NAT replaced'),
    );
    const again = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache modal');
    const closed = await peer.dismiss('U0ALICE', (await again.opened()).id);
    expect(closed?.failure).toBeNull();
  });

  it('answers a message shortcut and draws App Home', async () => {
    const { peer } = rig;
    const said = peer.say('U0BOB', 'C0DATABASES', 'ERROR 1130');
    const used = await peer.shortcut('U0BOB', 'C0DATABASES', said.ts, 'explain');
    expect((await used.answer()).text).toBe('about: ERROR 1130');
    await peer.openHome('U0BOB');
    const home = await peer.workspace.until(() => peer.workspace.homes.get('U0BOB'));
    expect(plainText(home)).toContain('Servers at a glance');
  });

  it('takes five answers through a response_url, not six', async () => {
    const { peer } = rig;
    const asked = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache six');
    await peer.workspace.until(() => peer.refusals.at(-1)?.error === 'used_url');
    expect(asked.answers.map(({ text }) => text)).toEqual([
      'use 1',
      'use 2',
      'use 3',
      'use 4',
      'use 5',
    ]);
    expect(peer.refusals.slice(-1).map(({ method, error }) => ({ method, error }))).toEqual([
      { method: 'response_url', error: 'used_url' },
    ]);
  });

  it('shows a person what is not acknowledged by the deadline', async () => {
    const { peer, stop } = await start({ deadlineMs: 200 });
    onTestFinished(stop);
    const asked = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache late');
    expect(asked.failure).toMatch(/operation_timeout|http_404/);
    expect(peer.failures.at(-1)).toMatchObject({ user: 'U0ALICE', error: asked.failure });
    const inThread = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache x', {
      threadTs: '1795165331.000100',
    });
    expect(inThread.failure).toBe('not_supported_in_threads');
  });
});
