import { webApi } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../sandbox/slack/faults.ts';
import { callFault } from '../../../src/adapters/slack/call-fault.ts';
import { sentence } from '../../../src/chat/message.ts';
import { chatFor, createStage, file, OPS, post, posted, type Stage, search } from './chat-stage.ts';

/** Each way in which Slack fails, and what it means: said, perhaps said, not said, never to be said. */

let stage: Stage;

beforeEach(async () => {
  stage = await createStage();
});

afterEach(async () => {
  await stage.peer.stop();
});

describe('a fault while posting', () => {
  const cases: readonly { name: string; fault: Fault; delivery: object; isSaid: boolean }[] = [
    {
      name: '429',
      fault: { kind: 'rate-limited', retryAfterS: 7 },
      delivery: { kind: 'retry', mayBeSent: false, afterMs: 7000 },
      isSaid: false,
    },
    {
      name: 'ratelimited, without a time',
      fault: { kind: 'refusal', error: 'ratelimited' },
      delivery: { kind: 'retry', mayBeSent: false, afterMs: 30_000 },
      isSaid: false,
    },
    ...(['before', 'after'] as const).flatMap((when) =>
      (
        [
          { kind: 'http-error', status: 408, when },
          { kind: 'http-error', status: 500, when },
          { kind: 'http-error', status: 503, when },
          { kind: 'silence', when },
          { kind: 'reset', when },
        ] as const
      ).map((fault) => ({
        name: `${fault.kind} ${'status' in fault ? fault.status : ''} ${when}`,
        fault,
        delivery: { kind: 'retry', mayBeSent: true, afterMs: null, why: expect.any(String) },
        isSaid: when === 'after',
      })),
    ),
    {
      name: 'internal_error',
      fault: { kind: 'refusal', error: 'internal_error' },
      delivery: {
        kind: 'retry',
        mayBeSent: true,
        afterMs: null,
        why: expect.stringContaining('internal_error'),
      },
      isSaid: false,
    },
    {
      name: "a proxy's 403",
      fault: { kind: 'http-error', status: 403, when: 'before' },
      delivery: {
        kind: 'retry',
        mayBeSent: false,
        afterMs: null,
        why: expect.stringContaining('403'),
      },
      isSaid: false,
    },
    {
      name: 'a token that is no longer good',
      fault: { kind: 'refusal', error: 'invalid_auth' },
      delivery: {
        kind: 'retry',
        mayBeSent: false,
        afterMs: null,
        why: expect.stringContaining('SLACK_BOT_TOKEN'),
      },
      isSaid: false,
    },
    {
      name: 'a code that nobody knows',
      fault: { kind: 'refusal', error: 'ekm_access_denied' },
      delivery: {
        kind: 'refused',
        cause: 'outside',
        why: expect.stringContaining('ekm_access_denied'),
      },
      isSaid: false,
    },
  ];

  // https://docs.slack.dev/reference/methods/chat.postMessage and chat.update, Errors
  it.each([
    ...['invalid_blocks', 'invalid_blocks_format', 'msg_too_long', 'msg_blocks_too_long'],
    ...['no_text', 'metadata_too_large', 'invalid_arguments', 'invalid_metadata_format'],
  ])('%s is about the content: no form of it is accepted, so it is final', async (error) => {
    const { peer, chat } = stage;
    const failing = peer.fail({ method: 'chat.postMessage', fault: { kind: 'refusal', error } });
    expect(await chat.post(post())).toMatchObject({ kind: 'refused', cause: 'content' });
    expect(failing.hits()).toBe(2);
  });

  it.each(['message_not_found', 'thread_not_found'])('%s: it is gone', async (error) => {
    stage.peer.fail({ method: 'chat.postMessage', fault: { kind: 'refusal', error } });
    expect(await stage.chat.post(post())).toMatchObject({ kind: 'refused', cause: 'gone' });
  });

  it.each([
    ...['accesslimited', 'access_denied', 'app_access_restricted', 'org_login_required'],
    ...['ekm_access_denied', 'no_permission', 'team_not_found', 'two_factor_setup_required'],
    ...[
      'restricted_action',
      'restricted_action_read_only_channel',
      'restricted_action_thread_locked',
    ],
    ...['messages_tab_disabled', 'missing_scope', 'update_failed', 'external_channel_migrating'],
    ...['is_inactive', 'not_in_channel', 'channel_not_found', 'is_archived', 'a_code_of_next_year'],
    ...[
      'cant_update_message',
      'edit_window_closed',
      'team_access_not_granted',
      'as_user_not_supported',
    ],
  ])('%s passes, or people can fix it', async (error) => {
    const { peer, chat } = stage;
    const failing = peer.fail({ method: 'chat.postMessage', fault: { kind: 'refusal', error } });
    expect(await chat.post(post())).toMatchObject({ kind: 'refused', cause: 'outside' });
    expect(failing.hits()).toBe(1);
  });

  it.each(cases)('$name', async ({ fault, delivery, isSaid }) => {
    const { peer, chat } = stage;
    const failing = peer.fail({ method: 'chat.postMessage', fault });
    expect(await chatFor(stage, fault).post(post())).toMatchObject(delivery);
    expect(failing.hits()).toBe(1);
    failing.stop();
    const found = await chat.find(search('P-1'));
    expect(found?.kind).toBe(isSaid ? 'sent' : undefined);
    expect(peer.workspace.roots(OPS)).toHaveLength(isSaid ? 1 : 0);
  });

  it('a Slack that is not there: nothing was said', async () => {
    const { peer, chat } = stage;
    await peer.stop();
    expect(await chat.post(post())).toMatchObject({
      kind: 'retry',
      mayBeSent: false,
      why: 'Slack did not answer (post to C0OPS): ECONNREFUSED',
    });
    expect(await chat.find(search('P-1'))).toMatchObject({
      kind: 'retry',
      mayBeSent: true,
    });
  });

  it.each([
    { code: 'ENOTFOUND', mayBeSent: false },
    { code: 'EAI_AGAIN', mayBeSent: false },
    { code: 'UND_ERR_CONNECT_TIMEOUT', mayBeSent: false },
    { code: 'ECONNRESET', mayBeSent: true },
    { code: 'EPIPE', mayBeSent: true },
    { code: undefined, mayBeSent: true },
  ])('$code: may be sent: $mayBeSent', ({ code, mayBeSent }) => {
    const cause = Object.assign(
      new Error('the system says no'),
      code === undefined ? {} : { code },
    );
    const error = new webApi.WebAPIRequestError(new TypeError('fetch failed', { cause }));
    expect(callFault(error, 'post to C0OPS')).toMatchObject({
      kind: 'retry',
      mayBeSent,
      afterMs: null,
    });
  });
});

describe('a refusal says what to do', () => {
  const gone = '1795165331.000100';
  const message = sentence('4 blocked hosts');

  it.each<{ name: string; ask: (stage: Stage) => Promise<unknown>; why: RegExp }>([
    {
      name: 'an unknown channel',
      ask: ({ chat }) => chat.post(post({ channel: 'C0NOSUCH' })),
      why: /post to C0NOSUCH: channel_not_found; .*invite the bot/,
    },
    {
      name: 'a channel without the bot',
      ask: ({ chat, peer }) => {
        peer.workspace.changeChannel(OPS, { botIsMember: false });
        return chat.post(post());
      },
      why: /not_in_channel; invite the bot there: \/invite @hostcache/,
    },
    {
      name: 'an archived channel',
      ask: ({ chat, peer }) => {
        peer.workspace.changeChannel(OPS, { isArchived: true });
        return chat.post(post());
      },
      why: /is_archived; .*unarchive/,
    },
    {
      name: 'a thread whose root is gone',
      ask: ({ chat }) => chat.post(post({ thread: gone })),
      why: /thread_not_found; somebody has deleted/,
    },
    {
      name: 'an edit of a message that is gone',
      ask: ({ chat }) => chat.edit({ channel: OPS, ts: gone, message }),
      why: /message_not_found; somebody has deleted/,
    },
    {
      name: 'an edit of what somebody else wrote',
      ask: ({ chat, peer }) => {
        const alice = peer.workspace.addUser({ name: 'alice' }).id;
        peer.workspace.changeChannel(OPS, { members: [alice] });
        peer.say(alice, OPS, 'hello');
        const ts = peer.workspace.roots(OPS)[0]?.ts ?? '';
        return chat.edit({ channel: OPS, ts, message });
      },
      why: /cant_update_message; the message belongs to another bot/,
    },
    {
      name: 'a file into a thread that is gone',
      ask: ({ chat }) => chat.upload(file(gone)),
      why: /thread_not_found; somebody has deleted/,
    },
  ])('$name', async ({ ask, why }) => {
    expect(await ask(stage)).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) });
  });

  it('a file without files:write', async () => {
    await stage.peer.stop();
    stage = await createStage({ botScopes: ['chat:write'] });
    const delivery = await stage.chat.upload(file(await posted(stage)));
    const why = expect.stringContaining('missing_scope; give the app the scope files:write');
    expect(delivery).toMatchObject({ kind: 'refused', why });
  });
});
