import { afterAll, expect, it } from 'vitest';
import { CHANGE_KINDS } from '../../prove/plan/imagine.ts';
import { createPlanServers, provePlans } from '../../prove/plan/prove-plan.ts';
import { FLAVOURS } from './stage.ts';

/** A short run of `npm run prove -- --change all`: plans compared with real servers that have the change. */

const servers = createPlanServers();
afterAll(() => servers.close());

it.each(FLAVOURS)('%s does what its plans promised', async (flavour) => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const report = await provePlans({
    ...{ flavour, servers, say, seed: 11, onlyWorld: null },
    ...{ kinds: CHANGE_KINDS, worlds: 6, thorough: 6 },
    progress: { everyMs: 10_000, show: say },
  });
  expect(report.wrong, said.join('\n')).toBe(0);
  const totals = [...report.byKind.values()];
  const sum = (of: (each: (typeof totals)[number]) => number) =>
    totals.reduce((total, each) => total + of(each), 0);
  // A proof in which nobody is harmed proves little.
  expect(sum(({ harmed }) => harmed)).toBeGreaterThan(5);
  expect(sum(({ statements }) => statements)).toBeGreaterThan(3);
  expect(sum(({ leftOut }) => leftOut)).toBeGreaterThan(0);
  expect(sum(({ verdicts }) => verdicts.unknown)).toBe(0);
});
