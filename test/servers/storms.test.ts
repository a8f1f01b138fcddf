import { expect, it } from 'vitest';
import { proveStorms } from '../../prove/storms/prove-storms.ts';

/** A short run of `npm run prove -- --storms`: who fails to log in is named, with the exact count. */

it('names every failing login of 50 storms, and no other', async () => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const progress = { everyMs: 10_000, show: say };
  // 25 without a cache, 25 with names, which are asked about again after a flush.
  const report = await proveStorms({ storms: 50, seed: 20, only: null, say, progress });
  expect(report, said.join('\n')).toMatchObject({ storms: 50, wrong: 0 });
  // 20 addresses with several failing logins each; of 25 storms they are named twice.
  expect(report.named).toBeGreaterThan(8000);
});
