import type { Log } from '../../src/chat/log.ts';

/** Attacks are logged by the thousand, and nobody reads it. */
export const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
