import { isUnreadable } from '../chat/unreadable.ts';
import { mapAtOnce } from '../chat/waiting.ts';
import { type Check, type CheckResult, type Level, unanswered } from './check.ts';

/** Runs the checks and keeps their order. Does I/O. */

export interface Checked {
  readonly check: string;
  readonly result: CheckResult;
}

/** How many checks run at a time; each opens its own connections. */
const AT_ONCE = 8;

export async function runChecks(checks: readonly Check[]): Promise<readonly Checked[]> {
  const results = await mapAtOnce(AT_ONCE, checks, async (check) =>
    (await runCheck(check)).map((result) => ({ check: check.name, result })),
  );
  return results.flat();
}

async function runCheck(check: Check): Promise<readonly CheckResult[]> {
  try {
    return await check.run();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return [unanswered(error.message, 'Fix this first, then run doctor again.')];
  }
}

const WORST_FIRST: readonly Level[] = ['unanswered', 'red', 'yellow', 'green'];

/** Sorts by level, the worst first; within one level, keeps the order of the checks. */
export function worstFirst(checked: readonly Checked[]): readonly Checked[] {
  return WORST_FIRST.flatMap((level) => checked.filter(({ result }) => result.level === level));
}
