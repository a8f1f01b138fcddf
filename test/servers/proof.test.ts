import { expect, it } from 'vitest';
import { proveFlavour } from '../../prove/prove.ts';
import { FLAVOURS } from './stage.ts';

/** A short run of `npm run prove`: compares predictions with real servers. */

const CASES = 300;

it.each(FLAVOURS)('%s does what was predicted', async (flavour) => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const progress = { everyMs: 10_000, show: say };
  const run = { flavour, cases: CASES, seed: 20, onlyWorld: null, say, progress };
  const report = await proveFlavour(run);
  expect(report, said.join('\n')).toMatchObject({ disagreements: 0, unknown: 0 });
  expect(report.cases).toBeGreaterThanOrEqual(CASES);
  // A proof with only one outcome proves little.
  for (const outcome of ['admitted', 'refused', 'blocked', 'denied'])
    expect(report.outcomes[outcome], outcome).toBeGreaterThan(0);
});
