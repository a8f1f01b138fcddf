import type { Subcommand } from './subcommand.ts';

/** `start`: the one subcommand that does not answer; it runs the bot. */

export interface StartParts {
  /** Resolves when the bot has ended as it was told to. Rejects as `Unreadable` where it cannot start. */
  readonly start: () => Promise<void>;
}

export const startCommand: Subcommand<StartParts> = {
  name: 'start',
  usage: 'start',
  summary: 'Runs the Slack bot until it is told to stop (SIGTERM, Ctrl-C).',
  example: 'start',
  surfaces: ['terminal'],
  needs: ['slack'],
  run: async (_, { start }) => {
    await start();
    return { messages: [], rows: [], exit: 0, isPublic: false };
  },
};
