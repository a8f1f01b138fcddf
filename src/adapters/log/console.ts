import { format } from 'node:util';
import type { Log } from '../../chat/log.ts';

/** Keeps what libraries write to the console, such as warnings of the MySQL driver, out of the output. */

const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/** A server can make a library write it, so it may be long. */
const LIMIT = 1000;

/** From now on, the console writes to the log, for people who look for a fault. */
export function logConsole(log: Log): void {
  const write = (...args: readonly unknown[]) =>
    log.debug('a library wrote to the console', { text: format(...args).slice(0, LIMIT) });
  for (const method of METHODS) Object.assign(globalThis.console, { [method]: write });
}
