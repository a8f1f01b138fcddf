/** Threads and mentions as Slack has them: what is in a payload, who sees what, what never reaches the app. */
import type { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Delivery } from '../../sandbox/slack/delivery.ts';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import { button, overHttp, overSocket, type Rig } from './slack-rig.ts';

const CHANNEL = 'C0DATABASES';
const BOT = '<@U0HOSTCACHE>';

const blocks = [{ type: 'actions', elements: [button('again', 'Check again', 'x')] }];

/** A root with a button and one reply, and the ts of both. */
async function thread(client: WebClient): Promise<{ root: string; reply: string }> {
  const { ts: root = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'a', blocks });
  const reply = { channel: CHANNEL, text: 'more', blocks, thread_ts: root };
  const { ts = '' } = await client.chat.postMessage(reply);
  return { root, reply: ts };
}

/** Every payload of a click has these. */
interface Click {
  readonly container: { readonly thread_ts?: string };
  readonly message?: { readonly thread_ts?: string };
}

function payloadOf({ delivery }: { readonly delivery: Delivery }): Click {
  return delivery.payload as Click;
}

describe.each([
  { mode: 'socket', start: overSocket },
  { mode: 'http', start: overHttp },
])('over $mode', ({ start }) => {
  let rig: Rig;
  let peer: SlackPeer;
  beforeAll(async () => {
    rig = await start();
    ({ peer } = rig);
  });
  afterAll(() => rig.stop());

  /** The text of the first message in the thread of this root that the app has posted. */
  const heard = (root: string) =>
    peer.workspace.until(() => peer.workspace.thread(CHANNEL, root).find(({ byApp }) => byApp));

  it('a root with replies carries its own ts as thread_ts, wherever Slack shows it', async () => {
    const { root } = await thread(rig.client);
    const place = { channel: CHANNEL, ts: root };
    const click = payloadOf(await peer.click('U0BOB', place, { value: 'x' }));
    expect(click.message).toMatchObject({ ts: root, thread_ts: root, reply_count: 1 });
    expect(click.container).not.toHaveProperty('thread_ts');
    const used = await peer.shortcut('U0BOB', CHANNEL, root, 'explain');
    expect(payloadOf(used).message).toMatchObject({ ts: root, thread_ts: root });
    const { client } = rig;
    const { messages } = await client.conversations.history({ channel: CHANNEL, limit: 1 });
    const { messages: all } = await client.conversations.replies({ channel: CHANNEL, ts: root });
    const { message } = await client.chat.update({ channel: CHANNEL, ts: root, text: 'later' });
    for (const one of [messages?.[0], all?.[0], message]) {
      expect(one).toMatchObject({ thread_ts: root });
    }
  });

  it('a root without replies carries none, and a reply that of its root', async () => {
    const said = peer.say('U0BOB', CHANNEL, 'ERROR 1130');
    const used = await peer.shortcut('U0BOB', CHANNEL, said.ts, 'explain');
    expect(payloadOf(used).message).not.toHaveProperty('thread_ts');
    const { root, reply } = await thread(rig.client);
    const click = await peer.click('U0BOB', { channel: CHANNEL, ts: reply }, { value: 'x' });
    expect(payloadOf(click)).toMatchObject({
      container: { thread_ts: root },
      message: { ts: reply, thread_ts: root },
    });
  });

  it('shows a private message of a thread in that thread alone', async () => {
    const { root } = await thread(rig.client);
    const whispered = { channel: CHANNEL, user: 'U0BOB', text: 'for bob', thread_ts: root };
    await rig.client.chat.postEphemeral(whispered);
    const seen = (user: string, place: string | null) =>
      peer.workspace.sees(user, CHANNEL, place).map(plainText);
    expect(seen('U0BOB', root)).toContain('for bob');
    expect(seen('U0BOB', null)).not.toContain('for bob');
    expect(seen('U0ALICE', root)).not.toContain('for bob');
    expect(seen('U0BOB', null)).toContain('[Check again]');
  });

  it('refuses a command in a thread, which never reaches the app', async () => {
    const { root } = await thread(rig.client);
    const before = peer.workspace.happenings.length;
    const typed = '/hostcache 192.0.2.7';
    const asked = await peer.command('U0ALICE', CHANNEL, typed, { threadTs: root });
    expect(asked).toMatchObject({ failure: 'not_supported_in_threads', answers: [] });
    expect(peer.workspace.happenings).toHaveLength(before);
  });

  it('tells the app of a mention, in the channel and in a thread', async () => {
    const said = peer.say('U0ALICE', CHANNEL, `${BOT} why 192.0.2.7 &amp; more`);
    expect((await heard(said.ts)).text).toBe('heard: why 192.0.2.7 &amp; more');
    const reply = peer.say('U0ALICE', CHANNEL, `why ${BOT}`, { threadTs: said.ts });
    await peer.workspace.until(() =>
      peer.workspace.thread(CHANNEL, said.ts).some(({ text }) => text === 'heard: why '),
    );
    expect(peer.workspace.thread(CHANNEL, reply.ts)).toEqual([]);
  });

  it('tells it again of an edit and after a lost acknowledgement', async () => {
    const said = peer.say('U0ALICE', CHANNEL, `${BOT} one`);
    await heard(said.ts);
    peer.rewrite(said, `${BOT} two`);
    const texts = () => peer.workspace.thread(CHANNEL, said.ts).map(({ text }) => text);
    await peer.workspace.until(() => texts().includes('heard: two'));
    expect(await peer.redeliver(said)).toMatchObject({ error: null });
    await peer.workspace.until(() => texts().length === 3);
    expect(texts()).toEqual(['heard: one', 'heard: two', 'heard: two']);
    expect(peer.workspace.message(CHANNEL, said.ts)).toMatchObject({ edits: 1 });
  });

  it('keeps quiet of people elsewhere, of direct messages and of what names nobody', async () => {
    peer.workspace.addChannel({ name: 'lobby', members: ['U0BOB'], botIsMember: false });
    const direct = peer.workspace.directMessages('U0BOB').id;
    for (const place of ['C0LOBBY', direct]) {
      const said = peer.say('U0BOB', place, `${BOT} hello`);
      await expect(peer.redeliver(said)).rejects.toThrow('no event was sent');
    }
    const said = peer.say('U0BOB', CHANNEL, 'hostcache, @hostcache, <@U0BOB>');
    await expect(peer.redeliver(said)).rejects.toThrow('no event was sent');
  });
});

it.each([
  { name: 'without the scope', options: { botScopes: ['commands', 'chat:write'] } },
  { name: 'without the event', options: { manifest: { botEvents: ['app_home_opened'] } } },
])('$name the app hears of no mention', async ({ options }) => {
  const { peer, stop } = await overSocket(options);
  onTestFinished(stop);
  const said = peer.say('U0ALICE', CHANNEL, `${BOT} why`);
  await expect(peer.redeliver(said)).rejects.toThrow('no event was sent');
});
