import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The clock of processes under test, which a test can move, with its intervals. Timeouts keep real time. */

export interface Clock {
  /** Environment variables that load the clock into a process. */
  readonly environment: Readonly<Record<string, string>>;
  now(): Date;
  /** Moves the clock; it runs on from there. */
  moveTo(at: Date): void;
  /** Stops the clock at that time. */
  stopAt(at: Date): void;
}

const LOADED = join(import.meta.dirname, 'moved-clock.mjs');

export function createClock(folder: string): Clock {
  const file = join(folder, 'clock');
  let now = () => new Date();
  const write = (words: string) => {
    // A rename is atomic, so no process reads half of the file.
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
