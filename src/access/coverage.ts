import { isSameRun, type LoginReading } from '../hostcache/failures.ts';
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
  /** Rows for which the server had no room. */
  readonly lost: number;
}

/** Times that are this close are one: the server's start is computed from its uptime in seconds. */
const TOUCHING_MS = 2000;

export function coverageOf(days: readonly AccessDay[], counters: Counters): Coverage {
  const { now, lost } = counters;
  const current = spanNow(counters);
  const spans = joined([...days.flatMap((day) => day.spans), ...current]);
  const [first] = spans;
  const last = spans.at(-1);
  const isComplete = lost === 0 && days.every(({ leftOut }) => leftOut === 0);
  const reachesNow =
    isComplete && current.length > 0 && last?.to.getTime() === now.readAt.getTime();
  return {
    since: first?.from ?? null,
    isWhole: reachesNow && spans.length === 1,
    wholeSince: reachesNow ? (last?.from ?? null) : null,
  };
}

/** What the counters add to the stored days; none = nothing is counted, or the counters were reset. */
function spanNow({ last, now }: Counters): readonly Span[] {
  if (now.logins === null) return [];
  const earlier = last !== null && last.logins !== null && isSameRun(last, now) ? last : null;
  if (earlier === null) return [{ from: now.startedAt, to: now.readAt }];
  return wasReset(earlier, now) ? [] : [{ from: earlier.readAt, to: now.readAt }];
}

/** Whether somebody emptied the counters: TRUNCATE of performance_schema.accounts. */
function wasReset(before: LoginReading, now: LoginReading): boolean {
  const counts = new Map(
    (now.logins ?? []).map(({ user, host, connections }) => [pair(user, host), connections]),
  );
  return (before.logins ?? []).some(
    ({ user, host, connections }) => connections > (counts.get(pair(user, host)) ?? 0),
  );
}

function pair(user: string | null, host: string): string {
  return JSON.stringify([user, host]);
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
