import { afterAll, beforeAll, expect, it } from 'vitest';
import { attackApprovals } from '../../prove/attacks/approvals.ts';
import { tryCuts } from '../../prove/attacks/cuts.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { SEED } from '../chance.ts';

/** A short run of `npm run prove -- --attacks N`: attacks on approvals, and connections that break during a flush. */

let worlds: readonly [World, World];

beforeAll(async () => {
  worlds = await Promise.all([startWorld({ flavour: 'mysql' }), startWorld({ flavour: 'mysql' })]);
});

afterAll(() => Promise.all(worlds.map((world) => world.stop())));

const said: string[] = [];
const say = (line: string) => void said.push(line);

it(`no attack passes, and every legitimate approval does (seed ${SEED})`, async () => {
  const run = { worlds, attacks: 50, seed: SEED, only: null, hasAliases: true, say };
  const { attacks, controls, failures } = await attackApprovals(run);
  expect(failures).toEqual([]);
  expect(attacks).toBeGreaterThanOrEqual(50);
  expect(controls).toBeGreaterThan(0);
});

it.each(['flush', 'state'] as const)(
  'the %s connection breaks, and what is told is true',
  async (line) => {
    // A silent server is in flush-broken.test.ts: nobody is told anything for ten seconds.
    const ways = line === 'flush' ? (['cut', 'half-close'] as const) : undefined;
    const run = { world: worlds[0], line, points: 9, seed: SEED, only: null, lanes: 3, say };
    const { points, failures } = await tryCuts({ ...run, ...(ways && { ways }) });
    expect(failures).toEqual([]);
    expect(points).toBe(9);
  },
);
