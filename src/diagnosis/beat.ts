import { utc } from '../chat/lists.ts';

/** How regularly something happens, from its count and its first and last time. Pure. */

export interface Beat {
  readonly count: number;
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
}

/** Fewer say nothing of an interval. */
const LEAST = 5;

/** Both times are in whole seconds; a check starts its clock again when it has ended. */
const ROUNDING_SECONDS = 1;
const DRIFT = 0.02;

/** A looser measure would fit several periods. */
const SHARP = 0.2;

/** Seconds from one to the next on average; null = too few, or not known. */
export function intervalOf({ count, firstAt, lastAt }: Beat): number | null {
  if (count < LEAST || firstAt === null || lastAt === null) return null;
  const interval = (lastAt.getTime() - firstAt.getTime()) / 1000 / (count - 1);
  return interval > 0 ? interval : null;
}

/** Whether the average interval is this period, within what the clock can tell. */
export function fits(beat: Beat, period: number): boolean {
  const interval = intervalOf(beat);
  if (interval === null) return false;
  const span = interval * (beat.count - 1);
  const slack = ROUNDING_SECONDS + DRIFT * span;
  return slack <= SHARP * span && Math.abs(span - period * (beat.count - 1)) <= slack;
}

/** `one every 2.0 s, from … to …`. */
export function sayBeat(beat: Beat): string {
  const { firstAt, lastAt } = beat;
  const interval = intervalOf(beat);
  const average = interval === null ? '' : `one every ${interval.toFixed(1)} s on average, `;
  if (firstAt === null || lastAt === null) return `${average}at times that are not known`;
  return firstAt.getTime() === lastAt.getTime()
    ? `at ${utc(firstAt)}`
    : `${average}from ${utc(firstAt)} to ${utc(lastAt)}`;
}
