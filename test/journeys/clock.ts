import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The clock of programs under test, which a test moves. Timers keep real time. */

export interface Clock {
  /** Of the process: loads the clock before the program. */
  readonly environment: Readonly<Record<string, string>>;
  now(): Date;
  /** Goes on from there. */
  moveTo(at: Date): void;
  /** Stands still there. */
  stopAt(at: Date): void;
}

const LOADED = join(import.meta.dirname, 'moved-clock.mjs');

export function createClock(folder: string): Clock {
  const file = join(folder, 'clock');
  let now = () => new Date();
  const write = (words: string) => {
    // Renamed, so that nobody reads half of it.
    writeFileSync(`${file}.new`, words);
    renameSync(`${file}.new`, file);
  };
  write('+0');
  return {
    environment: { MOVED_CLOCK: file, NODE_OPTIONS: `--import=${LOADED}` },
    now: () => now(),
    moveTo: (at) => {
      const aheadMs = at.getTime() - Date.now();
      now = () => new Date(Date.now() + aheadMs);
      write(`+${aheadMs}`);
    },
    stopAt: (at) => {
      now = () => at;
      write(at.toISOString());
    },
  };
}
