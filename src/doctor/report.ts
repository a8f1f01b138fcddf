import { isUnreadable } from '../chat/unreadable.ts';
import { mapAtOnce } from '../chat/waiting.ts';
import { type Check, type CheckResult, type Level, unanswered } from './check.ts';

/** Asks the world: runs the checks, and keeps their order. */

export interface Checked {
  readonly check: string;
  readonly result: CheckResult;
}

/** Checks at a time: each opens connections of its own. */
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
    return [unanswered(error.message, 'See to that first, then run doctor again.')];
  }
}

const WORST_FIRST: readonly Level[] = ['unanswered', 'red', 'yellow', 'green'];

/** The worst first; within one level in the order of the checks. */
export function worstFirst(checked: readonly Checked[]): readonly Checked[] {
  return WORST_FIRST.flatMap((level) => checked.filter(({ result }) => result.level === level));
}
