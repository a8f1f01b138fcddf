import { expect, it } from 'vitest';
import type { AccessDay } from '../../src/access/record.ts';
import { remember } from '../../src/access/remember.ts';
import { createChance } from '../chance.ts';
import { account } from '../scenarios/accounts.ts';
import { type CountingServer, createCountingServer } from './counting-server.ts';
import { createAccessMemory } from './memory.ts';

/** Weeks of two replicas and one server: nothing is counted twice, and nothing is lost within a span. */

const MINUTE_MS = 60_000;
const EPISODES = 40;
const STEPS = 250;
const ACCOUNTS = [
  account('monitor', '10.%'),
  account('app', '10.%'),
  account('app', '10.0.0.1'),
  account('app', 'one.example.com'),
  account('shop', '%'),
  account('', '10.0.0.%'),
];

it('what is remembered of random episodes is true', async () => {
  const chance = createChance();
  const seen = { spans: 0, counted: 0, restarts: 0, outside: 0 };
  for (let episode = 0; episode < EPISODES; episode += 1) {
    const { days, server, restarts } = await play(chance);
    seen.restarts += restarts;
    const uses = days.flatMap((day) => day.uses);
    for (const pair of pairsOf(server)) {
      const made = server.logins.filter((login) => isOf(pair, login));
      const failed = server.failed.filter((login) => isOf(pair, login));
      const kept = uses.filter((each) => isOf(pair, each));
      const within = (list: readonly { readonly at: Date }[]) =>
        list.filter(({ at }) => isWithin(days, at)).length;
      const logins = sum(kept.map((each) => each.logins));
      const failures = sum(kept.map((each) => each.failures));
      expect(logins).toBeGreaterThanOrEqual(within(made));
      expect(logins).toBeLessThanOrEqual(made.length);
      expect(failures).toBeGreaterThanOrEqual(within(failed));
      expect(failures).toBeLessThanOrEqual(failed.length);
      seen.counted += logins;
      seen.outside += made.length - within(made);
      for (const { account: chosen } of kept.filter((each) => each.logins > 0)) {
        const truth = made.map((login) => login.account);
        if (chosen !== null) expect(truth).toContain(chosen);
      }
      const events = days.flatMap((day) => day.events);
      const told = events.filter((event) => event.kind === 'failures' && isOf(pair, event));
      expect(sum(told.map((event) => (event.kind === 'failures' ? event.count : 0)))).toBe(
        failures,
      );
    }
    const told = days.flatMap(({ events }) => events.filter(({ kind }) => kind === 'restart'));
    expect(told.length).toBeLessThanOrEqual(restarts);
    for (const day of days) expectInOrder(day);
    seen.spans += sum(days.map((day) => day.spans.length));
  }
  expect(seen.counted).toBeGreaterThan(1000);
  expect(seen.outside).toBeGreaterThan(100);
  expect(seen.restarts).toBeGreaterThan(EPISODES);
  expect(seen.spans).toBeGreaterThan(2 * EPISODES);
});

async function play(chance: () => number) {
  const pick = <T>(list: readonly [T, ...T[]]): T =>
    list[Math.floor(chance() * list.length)] ?? list[0];
  let now = new Date('2026-11-01T00:00:00Z');
  const server = createCountingServer(now);
  const memory = createAccessMemory();
  server.setAccounts(ACCOUNTS);
  const pass = (minutes: number) => {
    now = new Date(now.getTime() + minutes * MINUTE_MS);
  };
  pass(60);
  let restarts = 0;
  let lastEmptied = 0;
  let savesAtChange = 0;
  const sweep = async () => {
    // The other replica has looked too, but does not have the lease.
    memory.holder = pick(['one', 'two']);
    const reading = server.reading(now);
    const seen = {
      ...{ reading, upSeconds: server.upSeconds(now), cache: server.cache(), flush: null },
      ...({ flavour: 'mysql', rules: 'mysql', skipNameResolve: false } as const),
      ...{ maxConnectErrors: 100n, longestGapMs: 10.5 * MINUTE_MS },
    };
    const looks = ['one', 'two'].map((holder) =>
      remember(server.server, seen, memory, { lease: { name: 'sweep main', holder } }),
    );
    await Promise.all(looks);
  };
  await sweep();
  for (let step = 0; step < STEPS; step += 1) {
    const [user, address] = [pick(['app', 'shop', 'ghost']), `10.0.0.${pick([1, 2, 3])}`];
    const draw = chance();
    pass(chance() * 2);
    if (draw < 0.3) server.login(user, address, now, chance() < 0.2);
    else if (draw < 0.5) server.fail(user, address, pick([1045, 3118, 1698]), now);
    else if (draw < 0.53) server.name(address, pick([null, 'one.example.com', 'two.example.com']));
    else if (draw < 0.55 && memory.saves > savesAtChange) {
      // Accounts that change and change back between two readings are not seen.
      savesAtChange = memory.saves;
      server.setAccounts(ACCOUNTS.filter((each) => each.user === 'monitor' || chance() < 0.8));
    } else if (draw < 0.57) server.leave(user, address);
    else if (draw < 0.6) pass(chance() * 600);
    else if (draw < 0.62) {
      pass(0.1);
      server.restart(now);
      restarts += 1;
      lastEmptied = step;
      pass(0.1);
    } else if (draw < 0.64 && step > lastEmptied + 50) {
      // A counter that went back shows it: of a client that comes often.
      lastEmptied = step;
      server.emptyCounters();
    } else await sweep();
    pass(0.001);
    server.login('monitor', '10.0.0.99', now);
  }
  await sweep();
  return { days: await memory.days('main', ''), server, restarts };
}

type Pair = { readonly user: string | null; readonly host: string | null };

function pairsOf({ logins, failed }: CountingServer): readonly Pair[] {
  const keys = [...logins, ...failed].map(({ user, host }) => JSON.stringify({ user, host }));
  return [...new Set(keys)].map((key) => JSON.parse(key) as Pair);
}

function isOf(pair: Pair, { user, host }: Pair): boolean {
  return pair.user === user && pair.host === host;
}

function isWithin(days: readonly AccessDay[], at: Date): boolean {
  return days.some(({ spans }) => spans.some(({ from, to }) => at > from && at <= to));
}

function expectInOrder({ day, spans, events }: AccessDay): void {
  const bounds = spans.flatMap(({ from, to }) => [from.getTime(), to.getTime()]);
  expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
  const times = events.map(({ at }) => at.getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  for (const { at } of events) expect(at.toISOString().slice(0, 10)).toBe(day);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
