import { logConsole } from '../adapters/log/console.ts';
import { createLog } from '../adapters/log/log.ts';
import type { Arguments } from '../adapters/terminal/arguments.ts';
import { withInput } from '../adapters/terminal/input.ts';
import { printReply, type Terminal } from '../adapters/terminal/print.ts';
import { createProgress, type Progress } from '../adapters/terminal/progress.ts';
import { printFaults, printNotes } from '../adapters/terminal/write.ts';
import { createApp, SUBCOMMANDS } from '../app.ts';
import { chosen } from '../chat/choose.ts';
import type { Log } from '../chat/log.ts';
import type { ExitCode } from '../chat/reply.ts';
import type { Subcommand } from '../chat/subcommand.ts';
import { splitWords } from '../chat/words.ts';
import type { Config } from '../config/config.ts';
import { composeInside } from './inside.ts';
import { openOutside } from './outside.ts';
import { settingsFor } from './settings.ts';

/** Runs one command in a terminal. Reads, loads and opens only what its subcommand declares. */

/** Runs the bot until a signal stops it. */
export type Start = (config: Config, log: Log) => Promise<void>;

const MENU = { subcommands: SUBCOMMANDS, surface: 'terminal' } as const;

/** After Ctrl-C, closing connections may take this long. */
const GOODBYE_MS = 300;

/** Prints messages to stdout, errors to stderr. Rejects as `Unreadable` without the state. */
export async function runTerminal(typed: Arguments, start: Start): Promise<ExitCode> {
  // `--help` after a subcommand shows the help on it.
  const asked = typed.wantsHelp
    ? { ...typed, words: ['help', ...typed.words.slice(0, 1)], options: {} }
    : typed;
  const subcommand = chosen(asked.words, MENU);
  const config = await settingsFor(subcommand, typed);
  if ('faults' in config) return printFaults(config.faults, 2);
  const request = await endableBySignal(() => withInput(asked, subcommand?.name ?? null));
  if (typeof request === 'string') return printFaults([request], 2);
  const needs = subcommand?.needs ?? [];
  // A single command answers with messages, so its log only shows errors.
  const log = createLog(config.logLevel ?? (needs.includes('slack') ? 'info' : 'error'));
  logConsole(log);
  const progress = createProgress(process);
  const note = (line: string) => printNotes([line]);
  const outside = await openOutside(config, needs, { log, watch: progress.watch, note });
  if (needs.includes('mysql')) endBySignal(() => outside.close(GOODBYE_MS), progress);
  const parts = composeInside({
    ...outside,
    start: () => start(config, log),
    serveMcp: () => endableBySignal(() => serveMcp(typed, log)),
  });
  const reply = await createApp(parts, null).runWords(request);
  progress.end();
  await printReply(reply, typed.isJson, { ...TERMINAL, colour: typed.colour });
  await outside.close();
  return reply.exit;
}

async function serveMcp({ client }: Arguments, log: Log): Promise<void> {
  const mcp = await import('./mcp.ts');
  const readSettings = (subcommand: Subcommand | null) => {
    // Tools that read no server take no option of the MySQL client.
    const wantsHelp = subcommand?.needs.includes('mysql') !== true;
    return settingsFor(subcommand, { client, wantsHelp }, async () => null);
  };
  await mcp.serveMcp({ readSettings, log });
}

/** The signals that end a command, and its exit code then: 128 + signal number. */
const ENDING = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/** As process 1 of a container, the process ignores a signal that it does not listen for. */
async function endableBySignal<T>(read: () => Promise<T>): Promise<T> {
  const listeners = ENDING.map(([signal, exit]) => [signal, () => process.exit(exit)] as const);
  for (const [signal, end] of listeners) process.on(signal, end);
  try {
    return await read();
  } finally {
    for (const [signal, end] of listeners) process.off(signal, end);
  }
}

/** On SIGINT or SIGTERM: ends progress, closes connections, exits with 128 + signal number. */
function endBySignal(close: () => Promise<void>, progress: Progress): void {
  for (const [signal, exit] of ENDING) {
    process.once(signal, () => {
      process.on(signal, () => process.exit(exit));
      progress.end();
      void close().then(() => process.exit(exit));
    });
  }
}

const TERMINAL: Omit<Terminal, 'colour'> = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  // `publicly` means nothing in a terminal, so such lines are not offered.
  offers: ({ line, replaces }) =>
    replaces !== true && chosen(splitWords(line), MENU) !== null && !/\spublicly$/.test(line),
};
