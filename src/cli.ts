#!/usr/bin/env node
import { parseArguments } from './adapters/terminal/arguments.ts';
import { printFaults, write } from './adapters/terminal/write.ts';
import type { ExitCode } from './chat/reply.ts';
import { isUnreadable } from './chat/unreadable.ts';

/** The terminal's entry point: `hostcache why 192.0.2.7`. Loads only what the command needs. */

// A failed write is also reported to the code that writes: `| head` closed the pipe, or a disk is
// full.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exit(await run(process.argv.slice(2)).catch(fail));

async function run(argv: readonly string[]): Promise<ExitCode> {
  const typed = parseArguments(argv);
  if (typeof typed === 'string') return printFaults([typed], 2);
  if (typed.wantsVersion && !typed.wantsHelp) {
    const { VERSION } = await import('./adapters/store/version.ts');
    await write(process.stdout, `hostcache ${VERSION}\n`);
    return 0;
  }
  const { runTerminal } = await import('./compose/terminal.ts');
  return await runTerminal(typed, async (config, log) => {
    const { start } = await import('./main.ts');
    return await start(config, log);
  });
}

/** Prints one line if that is enough, such as a failed write; otherwise logs the error. */
async function fail(error: unknown): Promise<ExitCode> {
  const isUnwritten = error instanceof Error && 'syscall' in error && error.syscall === 'write';
  if (isUnwritten) return printFaults([`the answer could not be written: ${error.message}`], 3);
  if (isUnreadable(error)) return printFaults([error.message], 3);
  const { createLog } = await import('./adapters/log/log.ts');
  createLog('error').error('uncaught error', { error });
  return 3;
}
