import { refuse } from './reply.ts';
import type { Subcommand } from './subcommand.ts';

/** `start`: the one subcommand that does not answer; it runs the bot. */

export interface StartParts {
  /** Resolves when the bot has ended: null = as it was told to, otherwise why it could not start. */
  readonly start: () => Promise<string | null>;
}

export const startCommand: Subcommand<StartParts> = {
  name: 'start',
  usage: 'start',
  summary: 'Runs the Slack bot until it is told to stop (SIGTERM, Ctrl-C).',
  example: 'start',
  surfaces: ['terminal'],
  needs: ['slack'],
  run: async (_, { start }) => {
    const fault = await start();
    return fault === null ? { messages: [], rows: [], exit: 0, isPublic: false } : refuse(fault, 3);
  },
};
