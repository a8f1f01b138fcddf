import { isReset, isSameRun, type LoginReading } from '../hostcache/failures.ts';
import type { AccessDay, Span } from './record.ts';

/** From when on logins are counted, and whether some can have been missed since. */
export interface Coverage {
  /** null = nothing is counted. */
  readonly since: Date | null;
  /** Nothing can have been missed from `since` until now. */
  readonly isWhole: boolean;
  /** The end of the last time in which something can have been missed; `since` if there is none. */
  readonly wholeSince: Date | null;
}

/** The counters of a server now, and the last reading that the sweeps have stored. */
export interface Counters {
  readonly last: LoginReading | null;
  readonly now: LoginReading;
  /** When the server started, on our clock. */
  readonly upSince: Date;
  /** Rows for which the server had no room. */
  readonly lost: number;
}

/** Times that are this close are one: the server's start is computed from its uptime in seconds. */
const TOUCHING_MS = 2000;

export function coverageOf(days: readonly AccessDay[], counters: Counters): Coverage {
  const { now, lost, upSince } = counters;
  const isAllCounted = countsAll(days, counters);
  const current = isAllCounted ? [{ from: upSince, to: now.readAt }] : spanNow(counters);
  const spans = joined([...days.flatMap((day) => day.spans), ...current]);
  const [first] = spans;
  const last = spans.at(-1);
  const isComplete = lost === 0 && (isAllCounted || days.every(({ leftOut }) => leftOut === 0));
  const reachesNow =
    isComplete && current.length > 0 && last?.to.getTime() === now.readAt.getTime();
  return {
    since: first?.from ?? null,
    isWhole: reachesNow && spans.length === 1,
    wholeSince: reachesNow ? (last?.from ?? null) : null,
  };
}

/**
 * Whether the server's own counters go further back than the record of the sweeps: then holes in the
 * record do not matter.
 */
export function countsAll(days: readonly AccessDay[], { last, now, upSince }: Counters): boolean {
  if (now.logins === null) return false;
  if (last !== null && (!isSameRun(last, now) || isReset(last.logins ?? [], now.logins)))
    return false;
  const [first] = days
    .flatMap(({ spans }) => spans)
    .sort((a, b) => a.from.getTime() - b.from.getTime());
  const hasRestarted = days.some(({ events }) => events.some(({ kind }) => kind === 'restart'));
  if (hasRestarted) return false;
  return first === undefined || upSince.getTime() <= first.from.getTime() + TOUCHING_MS;
}

/** What the counters add to the stored days; none = nothing is counted, or the counters were reset. */
function spanNow({ last, now, upSince }: Counters): readonly Span[] {
  if (now.logins === null) return [];
  const earlier = last !== null && last.logins !== null && isSameRun(last, now) ? last : null;
  if (earlier === null) return [{ from: upSince, to: now.readAt }];
  return isReset(earlier.logins ?? [], now.logins)
    ? []
    : [{ from: earlier.readAt, to: now.readAt }];
}

function joined(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from.getTime() - b.from.getTime())) {
    const previous = result.at(-1);
    if (previous === undefined || span.from.getTime() - previous.to.getTime() > TOUCHING_MS) {
      result.push(span);
    } else if (span.to > previous.to) {
      result[result.length - 1] = { from: previous.from, to: span.to };
    }
  }
  return result;
}
