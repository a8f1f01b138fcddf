// Keeps a plan that a person made, so that it can be checked after its change. Does I/O.

import { isUnreadable } from '../chat/unreadable.ts';
import type { Plan } from './plan.ts';
import { promisesOf } from './promises.ts';
import { sayChange } from './read-change.ts';
import { type Kept, PLAN_DAYS, type PlanStore, PROMISES_KEPT } from './stores.ts';

/** A plan that cannot be kept is an answer all the same. */
export async function keepPlan(plan: Plan, store: PlanStore, madeAt: Date): Promise<Kept> {
  const promises = promisesOf(plan).slice(0, PROMISES_KEPT);
  const { server, change, rows } = plan;
  const unpromised = rows.length - promises.length;
  try {
    const id = await store.nextPlanId();
    await store.add({ id, server, change: sayChange(change), madeAt, promises, unpromised });
    return { kind: 'kept', id, days: PLAN_DAYS };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { kind: 'not-kept', why: error.message };
  }
}
