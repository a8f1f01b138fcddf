import { isSameRun, type LoginReading } from '../hostcache/failures.ts';

/** The times of what happened between two readings, on our clock. Pure. */

export interface Times {
  /** When the server was started since the last reading; null = it was not. */
  readonly restartAt: Date | null;
  /** A time on the server's clock as one on ours, between the two readings; null is the second one. */
  between(at: Date | null): Date;
  /** A time on our clock, moved between the two readings. */
  clamp(at: Date): Date;
  /** From when on nothing was missed. */
  wholeFrom(wasReset: boolean): Date;
}

/** Clocks that differ by less are taken as equal: the server's start is in whole seconds. */
const SAME_CLOCK_MS = 3_000;

export function timesOf(
  before: LoginReading | null,
  now: LoginReading,
  { upSeconds, longestGapMs }: { readonly upSeconds: number; readonly longestGapMs: number },
): Times {
  const { readAt, startedAt } = now;
  const upMs = upSeconds * 1000;
  const aheadMs = startedAt.getTime() + upMs - readAt.getTime();
  const offsetMs = Math.abs(aheadMs) < SAME_CLOCK_MS ? 0 : aheadMs;
  const earlierMs = before?.readAt.getTime() ?? readAt.getTime();
  const firstMs = Math.min(earlierMs, readAt.getTime());
  const within = (ms: number) => new Date(Math.min(Math.max(ms, firstMs), readAt.getTime()));
  const isRestarted = before !== null && !isSameRun(before, now);
  const restartAt = isRestarted ? within(readAt.getTime() - upMs) : null;
  return {
    restartAt,
    between: (at) => {
      const isOurs = at === null || at.getTime() === earlierMs;
      return within((at ?? readAt).getTime() - (isOurs ? 0 : offsetMs));
    },
    clamp: (at) => within(at.getTime()),
    wholeFrom: (wasReset) => {
      const from = restartAt ?? before?.readAt ?? readAt;
      const wasCounting = restartAt !== null || (before?.logins ?? null) !== null;
      const isWhole = readAt.getTime() - from.getTime() <= longestGapMs;
      return wasCounting && isWhole && !wasReset && from < readAt ? from : readAt;
    },
  };
}
