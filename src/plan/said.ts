import { accountName } from '../hostcache/account.ts';
import type { PlannedAnswer } from './answers.ts';

/** An answer of the server by names: for people, for scripts, and to be kept. Pure. */

export interface SaidAnswer extends Pick<PlannedAnswer, 'outcome' | 'error'> {
  /** As quoted CURRENT_USER(); null = none, or not known, or no login name was given. */
  readonly account: string | null;
  /** Accounts that stand equal with it. */
  readonly ties: readonly string[];
}

export function saidOf({ outcome, error, account, ties }: PlannedAnswer): SaidAnswer {
  const names = ties.map((each) => accountName(each.account));
  return { outcome, error, account: account && accountName(account.account), ties: names };
}

/** `'shop'@'10.0.0.7'`, `refused (1130)`, `blocked (1129)`. */
export function sayAnswer({ outcome, error, account, ties }: SaidAnswer): string {
  if (outcome === 'unknown') return 'not known';
  if (outcome !== 'admitted') return `${outcome} (${error})`;
  if (account === null) return 'may try';
  return ties.length === 0 ? account : `${account}, or ${ties.join(', ')}`;
}

/** As `--json` prints it. Its fields are public and must not change. */
export function answerJson({ ties, ...answer }: SaidAnswer): object {
  return { ...answer, ...(ties.length > 0 && { ties }) };
}
