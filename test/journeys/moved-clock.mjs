// Loaded before a program under test: its Date follows the file MOVED_CLOCK, which holds the milliseconds that it is
// ahead, as `+5000`, or the moment at which it stands still.
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
