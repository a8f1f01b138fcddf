import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../chat/log.ts';

/** Writes Bolt's log lines to our log. */

/**
 * Bolt's "info" is our "debug". Bolt's "debug" is dropped, because it contains whole requests,
 * including what people wrote.
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
