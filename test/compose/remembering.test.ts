import { beforeEach, expect, it } from 'vitest';
import { createRemembering } from '../../src/compose/remembering.ts';
import type { FlushRequest } from '../../src/flush/request.ts';
import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import { lookAt } from '../../src/sweep/look.ts';
import type { SweepRecord } from '../../src/sweep/stores.ts';
import { createAccessMemory } from '../access/memory.ts';
import { sweepRecord } from '../adapters/store/samples.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer, type FakeServer } from '../fakes/server.ts';
import { account } from '../scenarios/accounts.ts';
import { broken } from '../scenarios/entries.ts';
import { pendingFlush } from '../scenarios/flush-requests.ts';

/** What a sweep hands to the record of logins. */

const NOON = new Date('2026-11-21T12:00:00Z');
const LEASE = { name: 'sweep main', holder: 'me' };

let memory = createAccessMemory();
let history: readonly FlushRequest[] = [];
let log = createFakeLog();

beforeEach(() => {
  memory = createAccessMemory();
  memory.holder = 'me';
  history = [];
  log = createFakeLog();
});

function after(minutes: number): Date {
  return new Date(NOON.getTime() + minutes * 60_000);
}

async function sweep(
  minutes: number,
  given: {
    last?: Partial<SweepRecord>;
    isEmptied?: boolean;
    isShown?: boolean;
    world?: FakeServer;
  } = {},
): Promise<void> {
  const { last, isEmptied = false, isShown = false, world = {} } = given;
  const server = createFakeServer({ accounts: [account('app', '%')], ...world });
  const target = { server, resolver: createFakeResolver(), channel: 'C1' };
  const look = await lookAt(target, after(minutes), () => []);
  const remember = createRemembering({
    access: memory,
    flushes: { history: async () => history },
    log,
  });
  const before = last === undefined ? null : sweepRecord(last);
  await remember({ target, look, last: before, isEmptied, isShown, lease: LEASE });
}

const events = async () => (await memory.days('main', '')).flatMap((day) => day.events);
const spans = async () => (await memory.days('main', '')).flatMap((day) => day.spans);

const logins = (connections: number): FakeServer => ({
  logins: { counts: [{ user: 'app', host: '192.0.2.7', connections, open: 0 }], lost: 0 },
});

it('logins, failures and blocks of the look', async () => {
  const blocked: HostCacheEntry = broken(100, { address: '192.0.2.9' });
  const failure = { user: 'app', host: '192.0.2.7', error: 1045, count: 1 };
  const times = { firstAt: after(4), lastAt: after(4) };
  await sweep(0, { world: logins(3) });
  const world = { ...logins(6), entries: [blocked], failures: [{ ...failure, ...times }] };
  await sweep(5, { world });
  const [day] = await memory.days('main', '');
  expect(day?.uses).toMatchObject([{ account: "'app'@'%'", logins: 2, failures: 1 }]);
  expect(day?.events.map(({ kind }) => kind)).toEqual(['failures', 'blocked']);
});

it.each([
  { name: 'a request', state: 'flushed', request: 'FR-1', at: after(3) },
  { name: 'nobody here', state: 'rejected', request: null, at: after(5) },
] as const)('a flush by $name', async ({ state, request, at }) => {
  await sweep(0);
  history = [pendingFlush(after(1), { state, changedAt: after(3) })];
  await sweep(5, { last: { endedAt: NOON }, isEmptied: true });
  expect(await events()).toEqual([{ kind: 'flush', at, request }]);
});

it.each([
  { name: 'two sweeps of five minutes', every: 5, gap: 10, isWhole: true },
  { name: 'three sweeps of five minutes', every: 5, gap: 15, isWhole: false },
  { name: 'two sweeps of an hour', every: 60, gap: 120, isWhole: true },
  { name: 'three sweeps of an hour', every: 60, gap: 180, isWhole: false },
  { name: 'less than a minute, with sweeps of seconds', every: 0.1, gap: 0.95, isWhole: true },
])('a time of $name without a reading', async ({ every, gap, isWhole }) => {
  await sweep(0, { world: logins(1) });
  await sweep(gap, { last: { endedAt: NOON, nextAt: after(every) }, world: logins(2) });
  const [first] = await spans();
  expect(first?.to).toEqual(isWhole ? after(gap) : NOON);
});

it('more of the same at most once a minute, unless it is shown', async () => {
  const failed = (count: number): FakeServer => ({
    failures: [
      { user: 'app', host: '192.0.2.7', error: 1045, count, firstAt: NOON, lastAt: after(6) },
    ],
  });
  await sweep(0, { world: failed(1) });
  await sweep(5, { world: failed(3) });
  const counts = async () => (await events()).map((event) => 'count' in event && event.count);
  await sweep(5.2, { world: failed(9) });
  expect(await counts()).toEqual([2]);
  await sweep(5.4, { world: failed(9), isShown: true });
  expect(await counts()).toEqual([2, 6]);
});

it.each([
  ['is not read', { unreadable: { settings: 'away' } }],
  ['has no performance_schema', { settings: { performanceSchema: false } }],
] as const)('nothing of a server that %s', async (_, world) => {
  await sweep(0, { world });
  expect(memory.saves).toBe(0);
  expect(log.lines).toEqual([]);
});

it('a state that cannot be written is logged, and the sweep goes on', async () => {
  memory.save = () => Promise.reject(new Error('the disk is full'));
  await sweep(0);
  expect(log.lines).toMatchObject([{ level: 'error', facts: { server: 'main' } }]);
});
