import type { Subcommand } from '../chat/subcommand.ts';
import { createAckCommand } from './ack.ts';
import type { SweepCommandParts } from './command-parts.ts';
import { createListCommand } from './list.ts';
import { createSilenceCommands } from './silence-commands.ts';
import { createStatusCommand } from './status.ts';
import { createSweepCommand } from './sweep-command.ts';

/** What may be typed about sweeps and alerts. */

export function createSweepCommands(parts: SweepCommandParts): readonly Subcommand[] {
  return [
    createStatusCommand(parts),
    createListCommand(parts.servers.map(({ target }) => target)),
    createSweepCommand(parts),
    createAckCommand(parts),
    ...createSilenceCommands(parts),
  ];
}
