import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { createGuard } from '../../src/chat/guard.ts';
import type { Standing } from '../../src/chat/people.ts';
import type { Caller } from '../../src/chat/subcommand.ts';
import { createUnreadable } from '../../src/chat/unreadable.ts';
import type { FlushStore } from '../../src/flush/stores.ts';
import { createFakePeople } from '../chat/fake-people.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { type Bed, NOON, openBed, request } from './bed.ts';

/** Who is refused on a flush request is in its audit and in `history`, whatever refuses them. */

let bed: Bed;

beforeEach(async () => {
  bed = await openBed();
  await bed.state.flushes.add(request(), []);
});

afterEach(() => bed.close());

const STANDINGS: Readonly<Record<string, Standing>> = {
  ...{ U0ALICE: 'member', U0BOB: 'member', U0CAROL: 'member' },
  ...{ U0GUEST: 'guest', U0BOT: 'bot', U0STRANGER: 'stranger', U0GONE: 'deactivated' },
};

/** The app behind its guard, with the work that it left to the background. */
function open(flushes: Partial<FlushStore> = {}, operators: readonly string[] = []) {
  const log = createFakeLog();
  const people = createFakePeople({ standings: STANDINGS });
  const work: Promise<void>[] = [];
  const parts = {
    ...bed.parts(),
    flushes: { ...bed.state.flushes, ...flushes },
    inBackground: (each: Promise<void>) => void work.push(each),
    log,
  };
  const app = createApp(parts, createGuard({ operators, people, log }));
  const say = async (user: string, line: string, isClick = true) => {
    const caller: Caller = {
      ...{ kind: 'person', user, channel: 'C1', thread: null },
      ...(isClick && { isClick }),
    };
    const reply = await app.read(line, caller).run();
    await Promise.all(work);
    return reply.messages[0]?.headline ?? '';
  };
  return { app, say, log };
}

/** What the audit has after the request itself. */
const audited = async () =>
  (await bed.state.flushes.auditOf('FR-1')).slice(1).map(({ by, what }) => `${by} ${what}`);

const OTHERS = 'hostcache is for full members of this workspace;';

describe('the audit has', () => {
  it.each([
    { name: 'a guest', user: 'U0GUEST', why: `${OTHERS} guests may not use it.` },
    { name: 'a bot', user: 'U0BOT', why: `${OTHERS} bots may not use it.` },
    {
      name: 'a stranger',
      user: 'U0STRANGER',
      why: `${OTHERS} people of other workspaces may not use it.`,
    },
    { name: 'somebody deactivated', user: 'U0GONE', why: `${OTHERS} deactivated people may not` },
    {
      name: 'somebody whom Slack does not confirm',
      user: 'U0NOBODY',
      why: 'You may not use hostcache now: Slack did not confirm who you are',
    },
    { name: 'the requester', user: 'U0ALICE', why: 'You requested FR-1 yourself' },
    { name: 'a member who is no approver', user: 'U0CAROL', why: 'You are not an approver' },
  ])('$name: who, what and why', async ({ user, why }) => {
    const { say } = open();
    expect(await say(user, 'approve FR-1')).toContain(why);
    expect(await say(user, 'reject FR-1 no', false)).toContain(why);
    expect(await audited()).toEqual([
      expect.stringContaining(`${user} refused to be approved: ${why}`),
      expect.stringContaining(`${user} refused to be rejected: ${why}`),
    ]);
    expect(await bed.outcome()).toMatchObject({ state: 'pending', flushes: 0 });
  });

  it('a member who is no operator', async () => {
    await open({}, ['U0BOB']).say('U0CAROL', 'approve fr-1');
    expect(await audited()).toEqual([
      'U0CAROL refused to be approved: You may not use hostcache: you are not one of its operators.',
    ]);
  });

  it('a stranger who types: the card is not shown', async () => {
    await open().say('U0STRANGER', 'approve FR-1', false);
    expect(await audited()).toEqual([expect.stringMatching(/^U0STRANGER refused to be shown: /)]);
  });

  it('a stranger who clicks Reject, before any form', async () => {
    const { app } = open();
    const caller: Caller = {
      ...{ kind: 'person', user: 'U0STRANGER', channel: 'C1', thread: null },
      isClick: true,
    };
    expect(await app.read('reject FR-1', caller).refusal()).not.toBeNull();
    await expect.poll(audited).toHaveLength(1);
  });
});

it.each([
  'approve FR-2',
  'approve main',
  'approve',
  'why 192.0.2.7',
  'flush on main DNS',
  'history',
])('a stranger leaves no trace by "%s"', async (line) => {
  const { say, log } = open({ refused: () => Promise.reject(new Error('recorded')) });
  expect(await say('U0STRANGER', line)).toContain(OTHERS);
  expect(log.lines.map(({ message }) => message)).toEqual(['a person may not use the bot']);
});

it.each(['find', 'refused'] as const)(
  'a state that is away (%s) leaves the refusal as it is',
  async (call) => {
    const away = () => Promise.reject(createUnreadable('STATE_URL: away.'));
    const { say, log } = open({ [call]: away });
    expect(await say('U0STRANGER', 'approve FR-1')).toContain(OTHERS);
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'a refusal was not recorded' }),
    );
  },
);

it('at most a hundred are kept, from however many people; all are counted', async () => {
  const { flushes } = bed.state;
  const people = Array.from({ length: 103 }, (_, at) => `U0${at}`);
  await Promise.all(
    people.map((by) => flushes.refused({ request: 'FR-1', at: NOON, by, what: 'refused: no' })),
  );
  expect(await audited()).toHaveLength(100);
  expect((await flushes.refusalsOf(['FR-1'])).get('FR-1')?.total).toBe(103);
});

it('a state that hangs does not hold up the refusal', async () => {
  const hangs = () => new Promise<never>(() => undefined);
  const { app } = open({ find: hangs });
  const caller: Caller = { kind: 'person', user: 'U0GUEST', channel: 'C1', thread: null };
  const reply = await app.read('approve FR-1', caller).run();
  expect(reply.messages[0]?.headline).toContain(OTHERS);
});

it('history shows the latest refusals, counts the others, and --json has those that are kept', async () => {
  const { app, say } = open();
  for (let times = 0; times < 7; times += 1) await say('U0STRANGER', 'approve FR-1');
  await say('U0ALICE', 'approve FR-1');
  const caller: Caller = { kind: 'person', user: 'U0BOB', channel: 'C1', thread: null };
  const reply = await app.read('history', caller).run();
  const shown = JSON.stringify(reply.messages[0]?.blocks);
  expect(shown.match(/Refused: approval by /g)).toHaveLength(3);
  expect(shown).toContain('+ 5 more refusals');
  expect(shown).toContain(': You requested FR-1 yourself, so a second person must approve it."');
  const [row] = reply.rows;
  expect(row).toMatchObject({ id: 'FR-1', refusalsTotal: 8 });
  expect(row).toHaveProperty('refusals.length', 6);
  expect(row).toHaveProperty('refusals.0.by', 'U0STRANGER');
  expect(row).toHaveProperty(
    'refusals.5.what',
    expect.stringMatching(/^refused to be approved: You/),
  );
});
