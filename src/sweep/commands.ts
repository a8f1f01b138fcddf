import type { Subcommand } from '../chat/subcommand.ts';
import { createAckCommand } from './ack.ts';
import { createListCommand } from './list.ts';
import { createSilenceCommands } from './silence-commands.ts';
import { createStatusCommand } from './status.ts';
import type { SweepParts, SweptServer } from './sweep.ts';
import { createSweepCommand } from './sweep-command.ts';

/** What may be typed about sweeps and alerts. */

export interface SweepCommandParts extends SweepParts {
  readonly servers: readonly SweptServer[];
  /** When the server is swept next; null = never by itself. */
  readonly nextSweepAt: (server: string) => Date | null;
  /** Whether flushing is possible, by server; null = why not is not known. */
  readonly flushing: (server: string) => string;
}

export function createSweepCommands(parts: SweepCommandParts): readonly Subcommand[] {
  return [
    createStatusCommand(parts),
    createListCommand(parts.servers.map(({ target }) => target)),
    createSweepCommand(parts),
    createAckCommand(parts),
    ...createSilenceCommands(parts),
  ];
}
