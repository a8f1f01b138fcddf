import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../sandbox/slack/faults.ts';
import type { UserDraft } from '../../../sandbox/slack/furnish.ts';
import type { SlackPeer } from '../../../sandbox/slack/peer.ts';
import { createPeople } from '../../../src/adapters/slack/people.ts';
import { isAmong, type People } from '../../../src/chat/people.ts';
import { createFakeLog } from '../../chat/fake-subcommand.ts';
import { startPeer } from '../../slack-peer.ts';

/** Who somebody is, as our Slack says it over its Web API. */

let peer: SlackPeer;
let people: People;
let nowMs = Date.parse('2026-11-20T09:02:11Z');

async function start(botScopes?: readonly string[], timeoutMs = 60_000): Promise<void> {
  peer = await startPeer(botScopes === undefined ? {} : { botScopes });
  const { workspace, botToken, apiUrl } = peer;
  for (const name of ['alice', 'bob']) workspace.addUser({ name });
  workspace.addUserGroup({ handle: 'dba', members: ['U0ALICE'] });
  const now = () => new Date(nowMs);
  people = createPeople({ botToken, apiUrl, now, timeoutMs, log: createFakeLog() });
}

async function startAnew(...given: Parameters<typeof start>): Promise<void> {
  await peer.stop();
  await start(...given);
}

beforeEach(() => start());

afterEach(() => peer.stop());

/** How often the method is called from now on; every call goes through. */
function countCalls(method: string): () => number {
  let calls = 0;
  const where = () => {
    calls += 1;
    return false;
  };
  peer.fail({ method, where, fault: { kind: 'refusal', error: 'never' } });
  return () => calls;
}

const no = { kind: 'http-error', status: 503, when: 'before' } as const;

describe('somebody', () => {
  it.each([
    { name: 'a full member', draft: {}, standing: 'member' },
    { name: 'an admin', draft: { isAdmin: true }, standing: 'member' },
    { name: 'a guest', draft: { isRestricted: true }, standing: 'guest' },
    { name: 'a single-channel guest', draft: { isUltraRestricted: true }, standing: 'guest' },
    { name: 'a bot', draft: { isBot: true }, standing: 'bot' },
    { name: 'a stranger', draft: { isStranger: true }, standing: 'stranger' },
    { name: 'a deactivated member', draft: { deleted: true }, standing: 'deactivated' },
    {
      name: 'a deactivated guest',
      draft: { deleted: true, isRestricted: true },
      standing: 'deactivated',
    },
  ])('is $name', async ({ draft, standing }) => {
    peer.workspace.addUser({ name: 'x', ...draft });
    expect(await people.find('U0X')).toEqual({ known: true, value: standing });
  });

  it('of another team is a stranger, also where Slack does not call them so', async () => {
    peer.workspace.addUser({ name: 'x' });
    peer.workspace.changeUser('U0X', { teamId: 'T0OTHER' });
    expect(await people.find('U0X')).toEqual({ known: true, value: 'stranger' });
  });

  it('with the id of Slackbot is a bot, though Slack does not mark it as one', async () => {
    peer.workspace.addUser({ name: 'slackbot', id: 'USLACKBOT' });
    expect(await people.find('USLACKBOT')).toEqual({ known: true, value: 'bot' });
  });

  it.each<{ name: string; draft: Partial<UserDraft>; ids: readonly string[] }>([
    { name: 'in no organisation', draft: {}, ids: ['U0X'] },
    { name: 'in one', draft: { organisationId: 'W0X' }, ids: ['U0X', 'W0X'] },
    {
      name: 'whom Slack calls by the id there',
      draft: { organisationId: 'W0X', answeredAs: 'W0X' },
      ids: ['U0X', 'W0X'],
    },
    {
      name: 'asked for by the id there',
      draft: { id: 'W0X', organisationId: 'W0X', answeredAs: 'U0X' },
      ids: ['U0X', 'W0X'],
    },
  ])('$name has the ids $ids', async ({ draft, ids }) => {
    const { id } = peer.workspace.addUser({ name: 'x', ...draft });
    expect(await people.find(id)).toEqual({ known: true, value: 'member' });
    expect(await people.idsOf(id)).toEqual({ known: true, value: new Set(ids) });
  });

  it.each<Partial<UserDraft>>([
    { answeredAs: 'U0BOB' },
    { answeredAs: 'U0BOB', organisationId: 'W0BOB' },
    { answeredAs: 'W0X' },
  ])('is not known, where Slack answers about somebody else: %j', async (draft) => {
    peer.workspace.addUser({ name: 'x', ...draft });
    const why = `users.info: ${draft.answeredAs} in the answer about U0X`;
    expect(await people.find('U0X')).toEqual({ known: false, why });
    expect(await people.idsOf('U0X')).toEqual({ known: false, why });
  });

  it('whom Slack does not know is not known', async () => {
    expect(await people.find('U0NOBODY')).toEqual({
      known: false,
      why: 'users.info: user_not_found',
    });
  });

  it.each<{ name: string; fault: Fault; why: string }>([
    { name: '503', fault: no, why: 'users.info: no answer' },
    { name: '429', fault: { kind: 'rate-limited', retryAfterS: 30 }, why: 'rate-limited' },
    { name: 'a reset', fault: { kind: 'reset', when: 'before' }, why: 'no answer' },
    { name: 'an error', fault: { kind: 'refusal', error: 'fatal_error' }, why: 'fatal_error' },
    { name: 'silence', fault: { kind: 'silence', when: 'before' }, why: 'no answer' },
  ])('is not known after $name, soon, and known again when it is over', async ({ fault, why }) => {
    if (fault.kind === 'silence') await startAnew(undefined, 100);
    const { stop } = peer.fail({ method: 'users.info', fault });
    const told = await people.find('U0ALICE');
    expect(told).toMatchObject({ known: false, why: expect.stringContaining(why) });
    stop();
    await expect.poll(() => people.find('U0ALICE')).toEqual({ known: true, value: 'member' });
  });

  it('is found at the second try', async () => {
    peer.fail({ method: 'users.info', fault: no, times: 1 });
    expect(await people.find('U0ALICE')).toEqual({ known: true, value: 'member' });
  });

  it('is not known while it is not known whose team this is', async () => {
    const { stop } = peer.fail({ method: 'auth.test', fault: no });
    expect(await people.find('U0ALICE')).toMatchObject({ known: false });
    stop();
    expect(await people.find('U0ALICE')).toEqual({ known: true, value: 'member' });
  });

  it('is not known without the scope for it', async () => {
    await startAnew(['commands', 'chat:write']);
    expect(await people.find('U0ALICE')).toEqual({
      known: false,
      why: 'users.info: missing_scope',
    });
  });
});

describe('a user group', () => {
  it('holds its members', async () => {
    expect(await people.members('S0DBA')).toEqual({ known: true, value: new Set(['U0ALICE']) });
  });

  it.each([
    { name: 'that is none', change: () => 'S0NONE', why: 'no_such_subteam' },
    {
      name: 'that is disabled',
      change: () => {
        peer.workspace.changeUserGroup('S0DBA', { disabled: true });
        return 'S0DBA';
      },
      why: 'no_such_subteam',
    },
    {
      name: 'while Slack is ill',
      change: () => {
        peer.fail({ method: 'usergroups.users.list', fault: no });
        return 'S0DBA';
      },
      why: 'no answer',
    },
  ])('$name is not known', async ({ change, why }) => {
    expect(await people.members(change())).toEqual({
      known: false,
      why: `usergroups.users.list: ${why}`,
    });
  });

  it('is not known without the scope for it', async () => {
    await startAnew(['users:read']);
    const why = 'usergroups.users.list: missing_scope';
    expect(await people.members('S0DBA')).toEqual({ known: false, why });
  });
});

describe('a minute', () => {
  const MINUTE_MS = 60_000;

  it('is how long an answer lasts, and many ask at once but once', async () => {
    const calls = countCalls('users.info');
    await Promise.all([1, 2, 3].map(() => people.find('U0ALICE')));
    nowMs += MINUTE_MS - 1;
    await people.find('U0ALICE');
    expect(calls()).toBe(1);
    nowMs += 1;
    await people.find('U0ALICE');
    expect(calls()).toBe(2);
  });

  it('after somebody left a group they are out of it', async () => {
    expect(await isAmong('U0ALICE', ['S0DBA'], people)).toEqual({ known: true, value: true });
    peer.workspace.changeUserGroup('S0DBA', { members: ['U0BOB'] });
    nowMs += MINUTE_MS;
    expect(await isAmong('U0ALICE', ['S0DBA'], people)).toEqual({ known: true, value: false });
    expect(await isAmong('U0BOB', ['S0DBA'], people)).toEqual({ known: true, value: true });
  });

  it('after somebody was deactivated they are', async () => {
    await people.find('U0ALICE');
    peer.workspace.changeUser('U0ALICE', { deleted: true });
    nowMs += MINUTE_MS;
    expect(await people.find('U0ALICE')).toEqual({ known: true, value: 'deactivated' });
  });

  it('does not last longer where Slack can then not be asked', async () => {
    await people.members('S0DBA');
    nowMs += MINUTE_MS;
    peer.fail({ method: 'usergroups.users.list', fault: no });
    expect(await people.members('S0DBA')).toMatchObject({ known: false });
  });

  it('does not last longer where the clock is set back', async () => {
    const calls = countCalls('usergroups.users.list');
    await people.members('S0DBA');
    nowMs -= 3_600_000;
    await people.members('S0DBA');
    expect(calls()).toBe(2);
  });
});
