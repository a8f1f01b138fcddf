import { type Commands, createCommands } from './chat/command.ts';
import type { Log } from './chat/log.ts';
import type { Subcommand } from './chat/subcommand.ts';
import { createDiagnosisCommands, type Target } from './diagnosis/commands.ts';
import { createFlushCommands } from './flush/commands.ts';

/** The inside on one page: every feature, every subcommand. Nothing here knows Slack or a terminal. */

export interface AppParts {
  readonly targets: readonly Target[];
  readonly now: () => Date;
  readonly log: Log;
  /** What only one way of running has: `start` of a terminal. */
  readonly also?: readonly Subcommand[];
}

export function createApp({ targets, now, log, also = [] }: AppParts): Commands {
  return createCommands({
    log,
    subcommands: [
      ...createDiagnosisCommands({ targets, now }),
      ...createFlushCommands({ servers: targets.map(({ server }) => server) }),
      ...also,
    ],
  });
}
