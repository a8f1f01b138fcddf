import { count } from '../chat/lists.ts';

/** The counters of one host at one sweep; only hosts with errors are stored. */
export interface HostReading {
  readonly address: string;
  readonly readAt: Date;
  readonly handshakeErrors: number;
  /** The entry's FIRST_SEEN; another value means a new entry, whose counters started again at 0. */
  readonly entryMadeAt: Date | null;
}

/** How fast a host's connect errors grow: the difference of two sweeps, never a total. */
export interface Pace {
  readonly errorsPerMinute: number;
  /** The time over which it was measured. */
  readonly overMs: number;
}

const MINUTE_MS = 60_000;
/** A shorter time is too imprecise. */
const SHORTEST_MS = 10_000;
/** Of each host, one reading is stored per period, however often it is swept. */
export const PERIOD_MS = 5 * MINUTE_MS;

/** The earlier readings since that moment that can be compared: of the same hosts and entries. */
export function comparableOf(
  earlier: readonly HostReading[],
  now: readonly HostReading[],
  since: Date,
): readonly HostReading[] {
  const latest = new Map(now.map((reading) => [reading.address, reading]));
  return earlier.filter((before) => {
    const reading = latest.get(before.address);
    if (reading === undefined || before.readAt < since) return false;
    // A different FIRST_SEEN is a new entry: its counters started again at 0.
    const isSameEntry = before.entryMadeAt?.getTime() === reading.entryMadeAt?.getTime();
    return isSameEntry && before.handshakeErrors <= reading.handshakeErrors;
  });
}

/** The pace of each host since its first comparable reading. */
export function pacesOf(
  comparable: readonly HostReading[],
  now: readonly HostReading[],
): ReadonlyMap<string, Pace> {
  const oldest = new Map<string, HostReading>();
  for (const reading of comparable) {
    if (!oldest.has(reading.address)) oldest.set(reading.address, reading);
  }
  const paces = new Map<string, Pace>();
  for (const reading of now) {
    const before = oldest.get(reading.address);
    if (before === undefined) continue;
    const overMs = reading.readAt.getTime() - before.readAt.getTime();
    const errors = reading.handshakeErrors - before.handshakeErrors;
    if (overMs < SHORTEST_MS || errors <= 0) continue;
    paces.set(reading.address, { errorsPerMinute: (errors * MINUTE_MS) / overMs, overMs });
  }
  return paces;
}

/** What the next sweep compares with: of each host, the first reading of each period, oldest first. */
export function readingsToKeep(
  comparable: readonly HostReading[],
  now: readonly HostReading[],
): readonly HostReading[] {
  const last = new Map(comparable.map((reading) => [reading.address, periodOf(reading)]));
  const first = now.filter((reading) => last.get(reading.address) !== periodOf(reading));
  return [...comparable, ...first];
}

function periodOf({ readAt }: HostReading): number {
  return Math.floor(readAt.getTime() / PERIOD_MS);
}

/** `, 12 a minute: blocks in about 7 minutes`; only the rate if over a day; empty = no pace known. */
export function sayPace(pace: Pace | undefined, errors: number, limit: number): string {
  if (pace === undefined) return '';
  const minutes = (limit - errors) / pace.errorsPerMinute;
  const rate =
    pace.errorsPerMinute >= 1
      ? `${Math.round(pace.errorsPerMinute)} a minute`
      : `${(pace.errorsPerMinute * 60).toFixed(0)} an hour`;
  if (minutes > 24 * 60) return `, ${rate}`;
  const left =
    minutes < 90
      ? count(Math.max(1, Math.round(minutes)), 'minute')
      : count(Math.round(minutes / 60), 'hour');
  return `, ${rate}: blocks in about ${left}`;
}
