import { joinParts, type Part, refusedWords, type Subcommand } from '../chat/subcommand.ts';
import type { Check } from './check.ts';
import { reportMessage, toRow } from './messages.ts';
import { type Checked, runChecks } from './report.ts';

/** What may be typed about how the bot is set up. */

export const doctorCommand: Subcommand<{ readonly checks: readonly Check[] }> = {
  name: 'doctor',
  usage: 'doctor',
  summary: 'Checks settings, Slack, servers, grants and DNS, each with the next step.',
  example: 'doctor',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql', 'all'],
  run: async (request, { checks }) => {
    const refused = refusedWords('doctor', request);
    return joinParts([refused ?? toPart(await runChecks(checks))]);
  },
};

function toPart(checked: readonly Checked[]): Part {
  const levels = new Set(checked.map(({ result }) => result.level));
  const exit = levels.has('unanswered') ? 3 : levels.has('red') ? 1 : 0;
  return { message: reportMessage(checked), rows: checked.map(toRow), exit };
}
