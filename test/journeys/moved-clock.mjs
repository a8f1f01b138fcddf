// Loaded before a program under test, so that its Date follows the file MOVED_CLOCK. The file contains the
// milliseconds that the clock is ahead (`+5000`), or the time at which it is stopped. An interval is also
// due when the clock has moved by its length. A timeout keeps real time, because it limits real waits.
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

const LOOK_MS = 100;
const realInterval = globalThis.setInterval;

globalThis.setInterval = (work, ms, ...given) => {
  if (!(ms > LOOK_MS)) return realInterval(work, ms, ...given);
  let movedMs = now() - performance.now();
  let dueMs = performance.now() + ms;
  return realInterval(() => {
    const aheadMs = now() - performance.now();
    const isMoved = aheadMs - movedMs >= ms;
    if (performance.now() < dueMs && !isMoved) return;
    if (isMoved) movedMs = aheadMs;
    dueMs = performance.now() + ms;
    work(...given);
  }, LOOK_MS);
};
