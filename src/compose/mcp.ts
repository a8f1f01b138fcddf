import type { ToolAnswer } from '../adapters/mcp/result.ts';
import { serveStdio } from '../adapters/mcp/stdio.ts';
import { VERSION } from '../adapters/store/version.ts';
import { messageText, type Paper } from '../adapters/terminal/text.ts';
import { createApp, SUBCOMMANDS } from '../app.ts';
import { chosen } from '../chat/choose.ts';
import type { TerminalRequest } from '../chat/command.ts';
import type { Log } from '../chat/log.ts';
import { type Reply, refuse } from '../chat/reply.ts';
import type { Subcommand } from '../chat/subcommand.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { createLimit } from '../chat/waiting.ts';
import type { Config } from '../config/config.ts';
import { composeInside } from './inside.ts';
import { openOutside } from './outside.ts';

/** Serves assistants: each call of a tool is a terminal's command of its own, with its own connections. */

export interface McpComposition {
  /** Asks nobody: standard input is the protocol. */
  readonly readSettings: (
    subcommand: Subcommand | null,
  ) => Promise<Config | { readonly faults: readonly string[] }>;
  readonly log: Log;
}

/** How many calls run at once; the others wait, so an assistant cannot flood a server. */
const CALLS_AT_ONCE = 4;

/** Nothing is wrapped; the lines of buttons are for people. */
const PAPER: Paper = { width: Infinity, isColoured: false, offers: () => false };

export async function serveMcp(composition: McpComposition): Promise<void> {
  const limit = createLimit(CALLS_AT_ONCE);
  await serveStdio({
    version: VERSION,
    answer: async (request) => toAnswer(await limit(() => answerCall(request, composition))),
  });
}

/** Its text is what a terminal prints, and then the notes. */
export function toAnswer({ reply, notes }: Answered): ToolAnswer {
  const texts = reply.messages.map((message) => messageText(message, PAPER));
  const text = [...texts, ...notes.map((note) => `${note}\n`)].join('\n');
  return { text, rows: reply.rows, exit: reply.exit };
}

interface Answered {
  readonly reply: Reply;
  readonly notes: readonly string[];
}

async function answerCall(
  request: TerminalRequest,
  { readSettings, log }: McpComposition,
): Promise<Answered> {
  const notes: string[] = [];
  try {
    const subcommand = chosen(request.words, { subcommands: SUBCOMMANDS, surface: 'terminal' });
    const { needs = [] } = subcommand ?? {};
    const config = await readSettings(subcommand);
    if ('faults' in config) return { reply: refuse(config.faults.join('; ')), notes };
    const outside = await openOutside(config, needs, {
      log,
      watch: (_, work) => work,
      note: async (line) => void notes.push(line),
    });
    try {
      return { reply: await createApp(composeInside(outside), null).runWords(request), notes };
    } finally {
      await outside.close();
    }
  } catch (error) {
    if (isUnreadable(error)) return { reply: refuse(error.message, 3), notes };
    log.error('a tool failed', { tool: request.words[0], error });
    return { reply: refuse('Internal error. Details are in the log.', 3), notes };
  }
}
