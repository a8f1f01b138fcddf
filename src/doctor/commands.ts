import { answer, type Reply } from '../chat/reply.ts';
import type { Subcommand } from '../chat/subcommand.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { mapAtOnce } from '../chat/waiting.ts';
import { type Check, type Checked, type CheckResult, unanswered } from './check.ts';
import { reportMessage, toRow } from './messages.ts';

/** The subcommand `doctor`: runs the checks and keeps their order. Does I/O. */

export const doctorCommand: Subcommand<{ readonly checks: readonly Check[] }> = {
  name: 'doctor',
  usage: 'doctor',
  summary: 'Checks settings, Slack, servers, grants and DNS, each with the next step.',
  example: 'doctor',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql', 'all'],
  exits: ['nothing is red', 'something is red'],
  run: async (_, { checks }) => report(await runChecks(checks)),
};

function report(checked: readonly Checked[]): Reply {
  const levels = new Set(checked.map(({ level }) => level));
  const exit = levels.has('unanswered') ? 3 : levels.has('red') ? 1 : 0;
  return answer(reportMessage(checked), checked.map(toRow), exit);
}

/** How many checks run at a time; each opens its own connections. */
const AT_ONCE = 8;

export async function runChecks(checks: readonly Check[]): Promise<readonly Checked[]> {
  const results = await mapAtOnce(AT_ONCE, checks, async (check) =>
    (await runCheck(check)).map((result) => ({ check: check.name, ...result })),
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
