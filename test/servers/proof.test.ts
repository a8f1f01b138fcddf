import { expect, it } from 'vitest';
import { proveServer } from '../../prove/prove.ts';
import { OWN } from '../../prove/servers.ts';

/** A short run of `npm run prove`: compares predictions with real servers. */

const CASES = 300;

it.each(OWN)('$name does what was predicted', async ({ name, find }) => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const progress = { everyMs: 10_000, show: say };
  const program = await find(() => undefined);
  const run = { name, program, cases: CASES, seed: 20, onlyWorld: null, say, progress };
  const report = await proveServer(run);
  expect(report, said.join('\n')).toMatchObject({ disagreements: 0, unknown: 0 });
  expect(report.cases).toBeGreaterThanOrEqual(CASES);
  // A proof with only one outcome proves little.
  for (const outcome of ['admitted', 'refused', 'blocked', 'denied'])
    expect(report.outcomes[outcome], outcome).toBeGreaterThan(0);
  for (const thing of ['eviction', 'skip_name_resolve', 'IPv6'] as const)
    expect(report.covered[thing], thing).toBeGreaterThan(0);
});
