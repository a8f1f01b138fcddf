import { joinParts, refusal, type Subcommand } from '../chat/subcommand.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { createAckCommand } from './ack.ts';
import type { SweepCommandParts } from './command-parts.ts';
import { createListCommand } from './list.ts';
import { createSilenceCommands } from './silence-commands.ts';
import { createStatusCommand } from './status.ts';
import { createSweepCommand } from './sweep-command.ts';

/** What may be typed about sweeps and alerts. */

export function createSweepCommands(parts: SweepCommandParts): readonly Subcommand[] {
  const subcommands = [
    createStatusCommand(parts),
    createListCommand({ targets: parts.servers.map(({ target }) => target), now: parts.now }),
    createSweepCommand(parts),
    createAckCommand(parts),
    ...createSilenceCommands(parts),
  ];
  return subcommands.map(tellingOfState);
}

/** All of them need the state; where it cannot be reached, that is the answer. */
function tellingOfState(subcommand: Subcommand): Subcommand {
  return {
    ...subcommand,
    run: async (request) => {
      try {
        return await subcommand.run(request);
      } catch (error) {
        if (!isUnreadable(error)) throw error;
        return joinParts([refusal(error.message, 3)]);
      }
    },
  };
}
