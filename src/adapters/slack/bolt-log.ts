import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../chat/log.ts';

/** Bolt's own log lines, in our log. */

/**
 * One step quieter than Bolt means them: its "info" is our "debug". What Bolt calls debug holds
 * whole requests, people's words among them, and is left out.
 */
export function createBoltLog(log: Log): Logger {
  return {
    debug: () => undefined,
    info: (...parts) => log.debug(sentence(parts)),
    warn: (...parts) => log.warn(sentence(parts)),
    error: (...parts) => log.error(sentence(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}

function sentence(parts: readonly unknown[]): string {
  return `bolt: ${parts.map(String).join(' ')}`;
}
