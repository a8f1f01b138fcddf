import { auditCommand } from './access/audit-command.ts';
import { createAccessHome } from './access/home.ts';
import type { AccessParts } from './access/parts.ts';
import { timelineCommand } from './access/timeline-command.ts';
import { type Commands, createCommands } from './chat/command.ts';
import { completionCommand } from './chat/completion.ts';
import type { Guard } from './chat/guard.ts';
import { type HelpParts, helpCommand } from './chat/help.ts';
import { createHome, type Home } from './chat/home.ts';
import { type McpParts, mcpCommand } from './chat/mcp-command.ts';
import type { ReadingParts } from './chat/on-servers.ts';
import { createOccasions } from './chat/once.ts';
import { type StartParts, startCommand } from './chat/start-command.ts';
import type { Subcommand } from './chat/subcommand.ts';
import { accountsCommand } from './diagnosis/account-list.ts';
import { explainCommand } from './diagnosis/explain.ts';
import type { Target } from './diagnosis/gather.ts';
import { pendingCommand } from './diagnosis/pending.ts';
import { whyCommand } from './diagnosis/why.ts';
import type { Check } from './doctor/check.ts';
import { doctorCommand } from './doctor/commands.ts';
import { flushCommand } from './flush/ask.ts';
import { approveCommand, rejectCommand } from './flush/decide.ts';
import { historyCommand } from './flush/history.ts';
import { createFlushHome } from './flush/home.ts';
import type { FlushParts, FlushTarget } from './flush/parts.ts';
import type { CheckParts } from './plan/check-command.ts';
import { createPlanHome } from './plan/home.ts';
import { planCommand } from './plan/plan-command.ts';
import { ackCommand } from './sweep/ack.ts';
import { createSweepHome } from './sweep/home.ts';
import { listCommand } from './sweep/list.ts';
import { lookCommand } from './sweep/look-command.ts';
import type { SweepParts, SweepTarget } from './sweep/parts.ts';
import { silenceCommand, silencesCommand, unsilenceCommand } from './sweep/silence-commands.ts';
import { statusCommand } from './sweep/status.ts';
import { sweepCommand } from './sweep/sweep-command.ts';

/** Lists every feature and every subcommand. Nothing here depends on Slack or a terminal. */

export interface AppParts
  extends ReadingParts<Target>,
    SweepParts,
    FlushParts,
    AccessParts,
    Pick<CheckParts, 'plans'>,
    Pick<HelpParts, 'examples'>,
    StartParts,
    McpParts {
  readonly targets: readonly (FlushTarget & SweepTarget)[];
  /** The checks of doctor. */
  readonly checks: readonly Check[];
}

/** In the order of help. */
export const SUBCOMMANDS: readonly Subcommand<AppParts & HelpParts>[] = [
  whyCommand,
  accountsCommand,
  auditCommand,
  planCommand,
  pendingCommand,
  explainCommand,
  statusCommand,
  listCommand,
  sweepCommand,
  ackCommand,
  silenceCommand,
  unsilenceCommand,
  silencesCommand,
  flushCommand,
  approveCommand,
  rejectCommand,
  historyCommand,
  timelineCommand,
  lookCommand,
  doctorCommand,
  startCommand,
  mcpCommand,
  completionCommand,
  helpCommand,
];

export interface App extends Commands {
  readonly home: Home;
}

/** `guard` decides who may ask in chat; null = nobody, because only a terminal asks. */
export function createApp(
  parts: AppParts,
  guard: Guard | null,
  subcommands: readonly Subcommand<AppParts & HelpParts>[] = SUBCOMMANDS,
): App {
  const { now, log } = parts;
  const commands = createCommands({
    ...{ subcommands, guard, log },
    parts: { ...parts, subcommands },
    isFirstOccasion: createOccasions(parts),
  });
  const home = createHome({
    parts: [
      createFlushHome(parts),
      ...createSweepHome(parts),
      createAccessHome(parts),
      createPlanHome(parts),
    ],
    refusal: commands.refusal,
    now,
    log,
  });
  return { ...commands, home };
}
