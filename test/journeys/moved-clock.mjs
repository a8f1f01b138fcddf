// Loaded before a program under test, so that its Date follows the file MOVED_CLOCK. The file contains the
// milliseconds that the clock is ahead (`+5000`), or the time at which it is stopped.
import { readFileSync } from 'node:fs';

const SystemDate = Date;

function now() {
  const given = readFileSync(process.env.MOVED_CLOCK, 'utf8');
  return given.startsWith('+') ? SystemDate.now() + Number(given) : SystemDate.parse(given);
}

class MovedDate extends SystemDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }

  static now() {
    return now();
  }
}

Object.defineProperty(MovedDate, 'name', { value: 'Date' });
globalThis.Date = MovedDate;
