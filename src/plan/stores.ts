import type { Promises } from './promises.ts';

/** The port for plans that are kept until their change is made; several processes may share it. */

/** A plan that can be checked later. */
export interface KeptPlan extends Promises {
  /** `PL-12`. */
  readonly id: string;
  readonly madeAt: Date;
}

export interface PlanStore {
  /** `PL-12`. An id is never used twice. */
  nextPlanId(): Promise<string>;
  add(plan: KeptPlan): Promise<void>;
  /** null = there is none, or it was forgotten. */
  find(id: string): Promise<KeptPlan | null>;
}

/** How long a plan is kept. */
export const PLAN_DAYS = 90;

/** The promises of one plan; those of the logins that are concerned least are left out. */
export const PROMISES_KEPT = 20_000;

/** Whether a plan was kept. */
export type Kept =
  | { readonly kind: 'kept'; readonly id: string; readonly days: number }
  /** `why`: a sentence. */
  | { readonly kind: 'not-kept'; readonly why: string };
