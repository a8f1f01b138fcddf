/** The peer's Web API alone: Slack's errors, stored state, and injected faults. */
import { type WebAPICallResult, WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/slack/faults.ts';
import { install } from '../../sandbox/slack/installation.ts';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import { startPeer } from '../slack-peer.ts';
import { webClient } from './slack-rig.ts';

it('gives an app three seconds, as Slack does', () => {
  expect(install({}, () => '').deadlineMs).toBe(3000);
});

describe('the Web API', () => {
  let peer: SlackPeer;
  let client: WebClient;
  const channel = 'C0DATABASES';

  beforeAll(async () => {
    peer = await startPeer();
    const { workspace } = peer;
    workspace.addUser({ name: 'alice' });
    workspace.addUser({ name: 'guest', isUltraRestricted: true });
    workspace.addUser({ name: 'gone', deleted: true });
    workspace.addUser({ name: 'stranger', isStranger: true });
    workspace.addChannel({ name: 'databases', members: ['U0ALICE'] });
    workspace.addChannel({ name: 'general', members: ['U0ALICE'], botIsMember: false });
    workspace.addChannel({ name: 'secret', isPrivate: true, botIsMember: false });
    workspace.addChannel({ name: 'old', isArchived: true });
    workspace.addUserGroup({ handle: 'dba', members: ['U0ALICE'] });
    client = webClient(peer);
  });
  afterAll(() => peer.stop());

  const said = () => peer.say('U0ALICE', channel, 'hello').ts;

  async function errorOf(call: Promise<WebAPICallResult>): Promise<string> {
    try {
      await call;
      return 'none';
    } catch (error) {
      return error instanceof WebAPIPlatformError ? error.data.error : String(error);
    }
  }

  const text = 'x';
  it.each([
    ['not_in_channel', () => client.chat.postMessage({ channel: 'C0GENERAL', text })],
    ['channel_not_found', () => client.chat.postMessage({ channel: 'C0NOWHERE', text })],
    ['channel_not_found', () => client.chat.postMessage({ channel: 'C0SECRET', text })],
    ['is_archived', () => client.chat.postMessage({ channel: 'C0OLD', text })],
    ['no_text', () => client.chat.postMessage({ channel, text: '' })],
    ['msg_too_long', () => client.chat.postMessage({ channel, text: 'x'.repeat(40_001) })],
    [
      'thread_not_found',
      () => client.chat.postMessage({ channel, text, thread_ts: '1795165331.000100' }),
    ],
    ['invalid_thread_ts', () => client.chat.postMessage({ channel, text, thread_ts: '17951.1' })],
    [
      'invalid_metadata_format',
      () =>
        client.apiCall('chat.postMessage', {
          channel,
          text,
          metadata: { event_type: 'x', event_payload: { deep: { er: { x: 1 } } } },
        }),
    ],
    [
      'invalid_blocks',
      () => client.apiCall('chat.postMessage', { channel, blocks: [{ type: 'banner' }] }),
    ],
    ['message_not_found', () => client.chat.update({ channel, ts: '1795165331.000100', text })],
    ['cant_update_message', () => client.chat.update({ channel, ts: said(), text })],
    ['cant_delete_message', () => client.chat.delete({ channel, ts: said() })],
    ['user_not_in_channel', () => client.chat.postEphemeral({ channel, text, user: 'U0GUEST' })],
    ['user_not_found', () => client.users.info({ user: 'U0NOBODY' })],
    ['no_such_subteam', () => client.usergroups.users.list({ usergroup: 'S0NONE' })],
    ['thread_not_found', () => client.conversations.replies({ channel, ts: '1795165331.000100' })],
    ['unknown_method', () => client.apiCall('chat.shout')],
    ['missing_scope', () => client.reactions.add({ channel, timestamp: '1', name: 'eyes' })],
    [
      'invalid_trigger_id',
      () =>
        client.views.open({
          trigger_id: 'x',
          view: { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] },
        }),
    ],
  ])('refuses: %s', async (error, call) => {
    const before = peer.refusals.length;
    expect(await errorOf(call())).toBe(error);
    expect(peer.refusals.slice(before).map((one) => one.error)).toEqual([error]);
  });

  it('keeps a message, its thread, its edits and its metadata', async () => {
    const metadata = { event_type: 'alert', event_payload: { id: 'AL-1' } };
    const root = await client.chat.postMessage({ channel, text: 'firing', metadata });
    const ts = root.ts ?? '';
    await client.chat.postMessage({ channel, text: 'more', thread_ts: ts });
    await client.chat.update({ channel, ts, text: 'resolved' });
    expect(peer.workspace.message(channel, ts)).toMatchObject({ text: 'resolved', metadata });
    const thread = await client.conversations.replies({ channel, ts, include_all_metadata: true });
    expect(thread.messages).toMatchObject([{ metadata, reply_count: 1 }, { text: 'more' }]);
    const history = await client.conversations.history({ channel, oldest: ts, inclusive: true });
    expect(history.messages).toHaveLength(1);
    const { permalink } = await client.chat.getPermalink({ channel, message_ts: ts });
    expect(permalink).toContain(`/archives/${channel}/p${ts.replace('.', '')}`);
  });

  it('knows people, groups and channels', async () => {
    const users = await Promise.all(
      ['U0GUEST', 'U0GONE', 'U0STRANGER'].map((user) => client.users.info({ user })),
    );
    expect(users.map(({ user }) => user)).toMatchObject([
      { is_ultra_restricted: true, is_restricted: true },
      { deleted: true },
      { is_stranger: true, team_id: 'T0ELSEWHERE' },
    ]);
    const { users: members } = await client.usergroups.users.list({ usergroup: 'S0DBA' });
    expect(members).toEqual(['U0ALICE']);
    expect((await client.conversations.info({ channel })).channel?.is_member).toBe(true);
  });

  it('takes a file into a thread', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'card' });
    await client.filesUploadV2({
      channel_id: channel,
      thread_ts: ts,
      filename: 'host_cache.csv',
      file: Buffer.from('ip,host\n'),
      initial_comment: 'The cache before',
    });
    const [reply] = peer.workspace.thread(channel, ts);
    expect(reply).toMatchObject({ text: 'The cache before', files: [{ name: 'host_cache.csv' }] });
    expect(reply?.files[0]?.content.toString()).toBe('ip,host\n');
  });

  it('ignores an argument that Slack does not know, and records it', async () => {
    await client.apiCall('chat.postMessage', { channel, text: 'x', tread_ts: '1' });
    expect(peer.ignored).toEqual([{ method: 'chat.postMessage', names: ['tread_ts'] }]);
  });

  it('spoils a token on demand', async () => {
    peer.spoil('bot', 'token_revoked');
    expect(await errorOf(client.auth.test())).toBe('token_revoked');
    peer.spoil('bot', null);
    expect(await errorOf(client.auth.test())).toBe('none');
  });

  describe('in trouble', () => {
    let stop = () => {};
    afterEach(() => stop());

    it.each<{ name: string; fault: Fault; posts: number }>([
      { name: '429', fault: { kind: 'rate-limited', retryAfterS: 7 }, posts: 0 },
      { name: '500 before', fault: { kind: 'http-error', status: 500, when: 'before' }, posts: 0 },
      { name: '500 after', fault: { kind: 'http-error', status: 500, when: 'after' }, posts: 1 },
      { name: 'silence after', fault: { kind: 'silence', when: 'after' }, posts: 1 },
      { name: 'reset before', fault: { kind: 'reset', when: 'before' }, posts: 0 },
      { name: 'internal_error', fault: { kind: 'refusal', error: 'internal_error' }, posts: 0 },
    ])('$name: the app is told of a failure, $posts posted', async ({ fault, posts }) => {
      const asking = fault.kind === 'silence' ? webClient(peer, peer.botToken, 500) : client;
      const handle = peer.fail({ method: 'chat.postMessage', fault, times: 1 });
      stop = handle.stop;
      const before = peer.posting(channel).posts;
      await expect(asking.chat.postMessage({ channel, text: 'x' })).rejects.toThrow();
      expect(peer.posting(channel).posts - before).toBe(posts);
      expect(handle.hits()).toBe(1);
      await client.chat.postMessage({ channel, text: 'x' });
    });

    it('hits about the requested share', async () => {
      const fault: Fault = { kind: 'refusal', error: 'internal_error' };
      const handle = peer.fail({ method: 'auth.test', fault, share: 0.6, seed: 3 });
      stop = handle.stop;
      for (let call = 0; call < 100; call += 1) {
        await errorOf(client.auth.test());
      }
      expect(handle.hits()).toBeGreaterThan(45);
      expect(handle.hits()).toBeLessThan(75);
    });
  });

  it('sees a broadcast, a mention and a link wherever they hide', async () => {
    const hostile = '<!channel> <@U0ALICE> <https://evil.example|click>';
    const elements = [
      { type: 'text', text: '<!here>' },
      { type: 'broadcast', range: 'everyone' },
    ];
    await client.apiCall('chat.postMessage', {
      channel,
      text: 'host &lt;!channel&gt;',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: hostile } },
        { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] },
      ],
    });
    expect(peer.workspace.broadcasts.map(({ target }) => target)).toEqual(['channel', 'everyone']);
    const [last] = peer.workspace.roots(channel).slice(-1);
    expect(last && plainText(last)).toBe('@channel @U0ALICE click\n<!here>@everyone');
  });
});
