import { describe, expect, it } from 'vitest';
import type { KeptPlan } from '../../../src/plan/stores.ts';
import type { Bed } from './contract.ts';
import { HOSTILE, LONE_SURROGATE, NOON, seconds } from './samples.ts';

/** How plans are kept until their change is made. */

const NONE = { error: null, account: null, ties: [] };

const PLAN: KeptPlan = {
  ...{ id: 'PL-1', server: 'main', change: HOSTILE, madeAt: NOON, unpromised: 2 ** 20 },
  promises: [
    { client: '2001:db8::7', user: null, promised: { outcome: 'admitted', ...NONE } },
    {
      ...{ client: LONE_SURROGATE, user: '' },
      promised: { outcome: 'denied', error: 1045, account: `''@'%'`, ties: [HOSTILE, `'a'@'%'`] },
    },
    { client: 'localhost', user: HOSTILE, promised: { outcome: 'refused', ...NONE, error: 1130 } },
  ],
};

export function planContract(bed: Bed): void {
  describe('plans', () => {
    it('are numbered, come back as they were added, and are forgotten after 90 days', async () => {
      const { plans } = bed.state;
      expect(await plans.nextPlanId()).toBe('PL-1');
      expect(await plans.nextPlanId()).toBe('PL-2');
      const empty = { ...PLAN, id: 'PL-2', madeAt: seconds(1), promises: [] };
      await plans.add(PLAN);
      await plans.add(empty);
      await bed.state.forget(seconds(90 * 86_400));
      expect(await plans.find('PL-1')).toEqual(PLAN);
      await bed.state.forget(seconds(90 * 86_400 + 1));
      expect(await plans.find('PL-1')).toBeNull();
      expect(await plans.find('PL-2')).toEqual(empty);
    });
  });
}
