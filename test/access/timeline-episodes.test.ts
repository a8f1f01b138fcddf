import { expect, it } from 'vitest';
import { remember } from '../../src/access/remember.ts';
import { timelineCommand } from '../../src/access/timeline-command.ts';
import { createChance } from '../chance.ts';
import { terminalRequest } from '../diagnosis/requests.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer } from '../fakes/server.ts';
import { createCountingServer } from './counting-server.ts';
import { createAccessMemory } from './memory.ts';

/** Episodes of failing logins on a moved clock: sweeps record them, and the timeline shows when they began. */

const EPISODES = 1000;
const CLIENT = '192.0.2.7';
const NAME = 'shop.example.com';
const START_MS = Date.parse('2026-11-20T21:00:00Z');
const ERRORS = [1044, 1045, 1049, 1203, 1251, 3118, 3159];

type Chance = () => number;

/** What the timeline says of one episode, and what is true. */
async function replay(chance: Chance) {
  const between = (least: number, most: number) => Math.floor(least + chance() * (most - least));
  const sweepMs = between(60, 600) * 1000;
  const error = ERRORS[between(0, ERRORS.length)] ?? 1045;
  const server = createCountingServer(new Date(START_MS - between(1, 90) * 86_400_000));
  const access = createAccessMemory();
  if (chance() < 0.5) server.name(CLIENT, NAME);
  let clockMs = START_MS;

  /** Advances to the next sweep; `acts` happen on the way, at their times. */
  const sweepAfter = async (acts: readonly (readonly [ms: number, act: (at: Date) => void])[]) => {
    const next = clockMs + sweepMs + between(-2000, 2000);
    for (const [ms, act] of [...acts].sort(([a], [b]) => a - b)) act(new Date(ms));
    clockMs = next;
    const readAt = new Date(clockMs);
    await remember(
      server.server,
      {
        ...{ reading: server.reading(readAt), upSeconds: Math.floor(server.upSeconds(readAt)) },
        ...{ flavour: 'mysql', rules: 'mysql', skipNameResolve: false },
        ...{ maxConnectErrors: 100n, cache: server.cache(), flush: null },
        longestGapMs: 3 * sweepMs,
      },
      access,
    );
  };
  const soon = () => clockMs + chance() * (sweepMs - 2000);
  const fail = (user: string, address: string, of: number) =>
    [soon(), (at: Date) => server.fail(user, address, of, at)] as const;

  await sweepAfter([]);
  // The same login failed before, so the server's first time of it is long ago.
  if (chance() < 0.5) await sweepAfter([fail('shop', CLIENT, error), fail('shop', CLIENT, error)]);
  await sweepAfter([fail('other', '192.0.2.8', error)]);
  const quietFrom = new Date(clockMs);
  if (chance() < 0.3) await sweepAfter([[soon(), (at) => server.restart(at)]]);
  const truth = server.failed.length;
  for (let sweep = between(1, 6); sweep > 0; sweep -= 1) {
    const own = Array.from({ length: between(1, 4) }, () => fail('shop', CLIENT, error));
    await sweepAfter([...own, fail('other', '192.0.2.8', error)]);
  }
  const failed = server.failed.slice(truth).filter(({ user }) => user === 'shop');
  const resolver = createFakeResolver({});
  const parts = {
    ...{ access, flushesOf: async () => [], now: () => new Date(clockMs) },
    targets: [{ server: createFakeServer({ name: 'main' }), resolver }],
  };
  const { rows } = await timelineCommand.run(terminalRequest([CLIENT]), parts);
  // `toRow` writes these of every failure.
  const failures = (rows as readonly { kind: string; at: Date; count: number }[]).filter(
    ({ kind, at }) => kind === 'failures' && at >= quietFrom,
  );
  return {
    ...{ sweepMs, firstAt: failed[0]?.at, total: failed.length },
    ...{ shownAt: failures[0]?.at },
    shown: failures.reduce((sum, { count }) => sum + count, 0),
  };
}

it('places the first error within one sweep of the truth, and counts each', async () => {
  const chance = createChance();
  let longest = 0;
  for (let episode = 0; episode < EPISODES; episode += 1) {
    const { sweepMs, firstAt, shownAt, total, shown } = await replay(chance);
    expect({ episode, shown }).toEqual({ episode, shown: total });
    const offMs = Math.abs((shownAt?.getTime() ?? 0) - (firstAt?.getTime() ?? 0));
    longest = Math.max(longest, offMs / sweepMs);
    expect({ episode, isNear: offMs <= sweepMs }).toEqual({ episode, isNear: true });
  }
  // Some errors were known before, so their first time is only known to the sweep.
  expect(longest).toBeGreaterThan(0.1);
});
