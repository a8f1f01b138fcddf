import { answer, type Reply } from '../chat/reply.ts';
import type { Subcommand } from '../chat/subcommand.ts';
import type { Check } from './check.ts';
import { reportMessage, toRow } from './messages.ts';
import { type Checked, runChecks } from './report.ts';

/** The subcommand `doctor`. */

export const doctorCommand: Subcommand<{ readonly checks: readonly Check[] }> = {
  name: 'doctor',
  usage: 'doctor',
  summary: 'Checks settings, Slack, servers, grants and DNS, each with the next step.',
  example: 'doctor',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql', 'all'],
  run: async (_, { checks }) => report(await runChecks(checks)),
};

function report(checked: readonly Checked[]): Reply {
  const levels = new Set(checked.map(({ result }) => result.level));
  const exit = levels.has('unanswered') ? 3 : levels.has('red') ? 1 : 0;
  return answer(reportMessage(checked), checked.map(toRow), exit);
}
