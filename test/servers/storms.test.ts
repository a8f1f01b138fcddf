import { expect, it } from 'vitest';
import { proveStorms } from '../../prove/storms/prove-storms.ts';

/** A short run of `npm run prove -- --storms`: who fails to log in is named, with the exact count. */

it('names every failing login of a storm, and no other', async () => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const progress = { everyMs: 10_000, show: say };
  // One without a cache, one with names, one after a flush.
  const report = await proveStorms({ storms: 3, seed: 20, only: null, say, progress });
  expect(report, said.join('\n')).toMatchObject({ storms: 3, wrong: 0 });
  expect(report.named).toBeGreaterThan(300);
});
