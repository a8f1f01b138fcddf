import type { Answers, PlannedAnswer } from './answers.ts';
import type { Login } from './world.ts';

/** What a change does to each login that was seen. Pure. */

export type Effect = 'keeps' | 'loses' | 'gains' | 'changes-account' | 'stays-out' | 'unknown';

export type Witness = 'cache' | 'accounts' | 'processlist';

/** A login that the server has seen. */
export interface SeenLogin {
  readonly login: Login;
  /** Where it was seen. */
  readonly seen: readonly Witness[];
  /** null = the server keeps no time. */
  readonly lastSeenAt: Date | null;
}

export interface PlanRow extends SeenLogin {
  readonly before: PlannedAnswer;
  readonly after: PlannedAnswer;
  readonly effect: Effect;
}

/** What the server would answer with the statements and the change made. */
export interface PromisedRow extends PlanRow {
  readonly promised: PlannedAnswer;
}

export function rowsOf(
  logins: readonly SeenLogin[],
  before: Answers,
  after: Answers,
): readonly PlanRow[] {
  return logins.map((seen) => {
    const [now, then] = [before(seen.login), after(seen.login)];
    return { ...seen, before: now, after: then, effect: effectOf(now, then) };
  });
}

export function effectOf(before: PlannedAnswer, after: PlannedAnswer): Effect {
  if (before.outcome === 'unknown' || after.outcome === 'unknown') return 'unknown';
  const [wasIn, isIn] = [before.outcome === 'admitted', after.outcome === 'admitted'];
  if (!wasIn) return isIn ? 'gains' : 'stays-out';
  if (!isIn) return 'loses';
  return isSameAccount(before, after) ? 'keeps' : 'changes-account';
}

/** Whether people who had access have it no more, or have the rights of another account. */
export function isHarm(effect: Effect): boolean {
  return effect === 'loses' || effect === 'changes-account';
}

/** A copy and a renamed account are the same: they have its password and its privileges. */
function isSameAccount(before: PlannedAnswer, after: PlannedAnswer): boolean {
  const origins = originsOf(before);
  const others = originsOf(after);
  return origins.length === others.length && origins.every((each, at) => each === others[at]);
}

/** Of the account and of those that stand equal with it. */
function originsOf({ account, ties }: PlannedAnswer): readonly string[] {
  const all = account === null ? ties : [account, ...ties];
  return [...new Set(all.map(({ origin }) => origin))].sort();
}
