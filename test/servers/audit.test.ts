import { expect, it } from 'vitest';
import { proveAudit } from '../../prove/audit.ts';
import { FLAVOURS } from './stage.ts';

/** A short run of `npm run prove -- --audit`: the audit compared with CURRENT_USER() on real servers. */

const LOGINS = 600;

it.each(FLAVOURS)('%s: each login is counted to the account that it got', async (flavour) => {
  const progress = { everyMs: 10_000, show: () => undefined };
  const report = await proveAudit({ flavour, logins: LOGINS, seed: 14, progress });
  expect(report.wrong).toEqual([]);
  expect(report.admitted + report.refused).toBe(LOGINS);
  // A fleet that is all of one kind proves little.
  expect(report.used).toBeGreaterThan(6);
  expect(report.unused).toBeGreaterThan(2);
  expect(report.shadowed).toBeGreaterThan(0);
  expect(report.refused).toBeGreaterThan(50);
});
