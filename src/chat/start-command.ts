import type { Subcommand } from './subcommand.ts';

/** `start`: runs the bot. It is the only subcommand without an answer. */

export interface StartParts {
  /** Resolves when the bot has stopped after a signal. Rejects as `Unreadable` if it cannot start. */
  readonly start: () => Promise<void>;
}

export const startCommand: Subcommand<StartParts> = {
  name: 'start',
  usage: 'start',
  summary: 'Runs the Slack bot until it receives SIGTERM or Ctrl-C.',
  example: 'start',
  surfaces: ['terminal'],
  needs: ['slack'],
  run: async (_, { start }) => {
    await start();
    return { messages: [], rows: [], exit: 0, isPublic: false };
  },
};
