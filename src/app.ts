import { type Commands, createCommands } from './chat/command.ts';
import type { Guard } from './chat/guard.ts';
import { createHome, type Home } from './chat/home.ts';
import type { Log } from './chat/log.ts';
import type { Subcommand } from './chat/subcommand.ts';
import { isUnreadable } from './chat/unreadable.ts';
import { createDiagnosisCommands, type Target } from './diagnosis/commands.ts';
import type { Check } from './doctor/check.ts';
import { createDoctorCommand } from './doctor/commands.ts';
import { createFlushCommands } from './flush/commands.ts';
import { createFlushHome } from './flush/home.ts';
import type { FlushCommandParts } from './flush/wish.ts';
import type { SweepCommandParts } from './sweep/command-parts.ts';
import { createSweepCommands } from './sweep/commands.ts';
import { readExamples } from './sweep/examples.ts';
import { createSweepHome } from './sweep/home.ts';
import { createLookCommand } from './sweep/look-command.ts';

/** The inside on one page: every feature, every subcommand. Nothing here knows Slack or a terminal. */

export interface AppParts {
  readonly targets: readonly Target[];
  readonly sweeps: SweepCommandParts;
  readonly flushes: FlushCommandParts;
  /** What doctor looks at; absent: nothing. */
  readonly checks?: readonly Check[];
  readonly now: () => Date;
  readonly log: Log;
  /** Who may ask in chat; null = nobody, only a terminal asks. */
  readonly guard: Guard | null;
  /** What only one way of running has: `start` of a terminal. */
  readonly also?: readonly Subcommand[];
}

export interface App extends Commands {
  readonly home: Home;
}

export function createApp(parts: AppParts): App {
  const { targets, sweeps, flushes, checks = [], now, log, guard, also = [] } = parts;
  const commands = createCommands({
    log,
    guard,
    examples: () => readExamples(sweeps),
    subcommands: [
      ...createDiagnosisCommands({ targets, now }),
      ...createSweepCommands(sweeps),
      ...createFlushCommands(flushes),
      createLookCommand({ targets, now }),
      createDoctorCommand(checks),
      ...also,
    ],
  });
  const home = createHome({
    parts: [createFlushHome(flushes), ...createSweepHome(sweeps)],
    refusal: commands.refusal,
    sayFault: (error) => (isUnreadable(error) ? error.message : null),
    now,
    log,
  });
  return { ...commands, home };
}
