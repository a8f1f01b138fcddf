import type { Subcommand } from './subcommand.ts';

/** `mcp`: serves AI assistants over stdin and stdout, which then carry only the protocol. */

export interface McpParts {
  /** Resolves when stdin has ended and every call is answered. */
  readonly serveMcp: () => Promise<void>;
}

export const mcpCommand: Subcommand<McpParts> = {
  name: 'mcp',
  usage: 'mcp',
  summary: 'Serves what only reads to an AI assistant, as MCP tools on stdin and stdout.',
  example: 'mcp',
  surfaces: ['terminal'],
  // Each call of a tool opens what it needs.
  needs: [],
  run: async (_, { serveMcp }) => {
    await serveMcp();
    return { messages: [], rows: [], exit: 0, isPublic: false };
  },
};
