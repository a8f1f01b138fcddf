#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArguments } from './adapters/terminal/arguments.ts';
import { printFaults, write } from './adapters/terminal/write.ts';
import type { ExitCode } from './chat/reply.ts';
import { isUnreadable } from './chat/unreadable.ts';

/** The terminal's way in: `hostcache why 192.0.2.7`. What is not needed is not loaded. */

// Whoever writes hears of it too: `| head` has seen enough, and a full disk is told of.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exit(await run(process.argv.slice(2)).catch(fail));

async function run(argv: readonly string[]): Promise<ExitCode> {
  const typed = parseArguments(argv);
  if (typeof typed === 'string') return printFaults([typed], 2);
  if (typed.wantsVersion) {
    await write(process.stdout, `hostcache ${version()}\n`);
    return 0;
  }
  const { runTerminal } = await import('./compose/terminal.ts');
  return await runTerminal(typed, async (config, log) => {
    const { start } = await import('./main.ts');
    return await start(config, log);
  });
}

/** One line where that says all, such as that the answer could not be written; otherwise the log has it. */
async function fail(error: unknown): Promise<ExitCode> {
  const isUnwritten = error instanceof Error && 'syscall' in error && error.syscall === 'write';
  if (isUnwritten) return printFaults([`the answer could not be written: ${error.message}`], 3);
  if (isUnreadable(error)) return printFaults([error.message], 3);
  const { createLog } = await import('./adapters/log/log.ts');
  createLog('error').error('a fault that nobody caught', { error });
  return 3;
}

function version(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version: found } = JSON.parse(file);
  return String(found);
}
