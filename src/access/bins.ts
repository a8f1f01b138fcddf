import type { Chart, Series } from '../chat/message.ts';
import { kindOfError } from './failure-words.ts';
import type { Span } from './record.ts';
import { type Failures, firstAtOf } from './timeline.ts';

/** Counts failures in equal bins of time, for a chart. Pure. */

export interface Bins {
  readonly stepMs: number;
  /** In order, without holes. */
  readonly bins: readonly Bin[];
}

export interface Bin extends Span {
  /** By series, such as the kind of error; only those that happened. */
  readonly counts: ReadonlyMap<string, number>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS: readonly (readonly [ms: number, says: string])[] = [
  [MINUTE, 'minute'],
  [2 * MINUTE, '2 minutes'],
  [5 * MINUTE, '5 minutes'],
  [10 * MINUTE, '10 minutes'],
  [15 * MINUTE, '15 minutes'],
  [30 * MINUTE, '30 minutes'],
  [HOUR, 'hour'],
  [2 * HOUR, '2 hours'],
  [3 * HOUR, '3 hours'],
  [6 * HOUR, '6 hours'],
  [12 * HOUR, '12 hours'],
  [DAY, 'day'],
  [2 * DAY, '2 days'],
  [5 * DAY, '5 days'],
];

/** Slack draws no more. Days are kept long enough for 18 bins of 5 days. */
const BINS = 20;

/** Slack draws six series: the most frequent ones, and one for all others. */
const SERIES = 5;

/** Bins from the first failure until some time after the last, but not beyond `until`; none without failures. */
export function binsOf<T extends Failures>(
  failures: readonly T[],
  until: Date,
  seriesOf: (failure: T) => string = ({ error }) => kindOfError(error),
): Bins {
  if (failures.length === 0) return { stepMs: MINUTE, bins: [] };
  const firstMs = failures.reduce((ms, each) => Math.min(ms, firstAtOf(each).getTime()), Infinity);
  const lastMs = failures.reduce((ms, { until }) => Math.max(ms, until.getTime()), 0);
  // Whether the failures have ended is seen in the time after them.
  const quietMs = Math.min(lastMs + (lastMs - firstMs) / 4, until.getTime());
  const endMs = Math.max(lastMs, quietMs);
  const [stepMs] = STEPS.find(([ms]) => countOf(firstMs, endMs, ms) <= BINS) ?? [5 * DAY];
  const startMs = floor(firstMs, stepMs);
  const bins = Array.from({ length: countOf(firstMs, endMs, stepMs) }, (_, at) => {
    const fromMs = startMs + at * stepMs;
    const toMs = fromMs + stepMs;
    const counts = new Map<string, number>();
    for (const failure of failures) {
      const count = countIn(failure, fromMs, toMs);
      const series = seriesOf(failure);
      if (count > 0) counts.set(series, count + (counts.get(series) ?? 0));
    }
    return { from: new Date(fromMs), to: new Date(toMs), counts };
  });
  return { stepMs, bins };
}

/** `5 minutes`. */
export function sayStep(stepMs: number): string {
  return STEPS.find(([ms]) => ms === stepMs)?.[1] ?? 'bin';
}

/** null = there were no failures. A bin in which no sweep looked has no number. */
export function chartOf({ stepMs, bins }: Bins, holes: readonly Span[]): Chart | null {
  const totals = new Map<string, number>();
  for (const { counts } of bins) {
    for (const [name, count] of counts) totals.set(name, count + (totals.get(name) ?? 0));
  }
  const names = [...totals].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  if (names.length === 0) return null;
  const isKnown = bins.map(
    (bin) => bin.counts.size > 0 || !holes.some((hole) => covers(hole, bin)),
  );
  const series = (name: string, of: readonly string[]): Series => ({
    name,
    values: bins.map(({ counts }, at) =>
      isKnown[at] === true ? of.reduce((sum, each) => sum + (counts.get(each) ?? 0), 0) : null,
    ),
  });
  // A series of its own takes no more room than the name for all others.
  const named = names.length === SERIES + 1 ? SERIES + 1 : SERIES;
  const others = names.slice(named);
  return {
    title: `Errors per ${sayStep(stepMs)} (UTC)`,
    labels: labelsOf(bins, stepMs),
    series: [
      ...names.slice(0, named).map((name) => series(name, [name])),
      ...(others.length > 0 ? [series('other errors', others)] : []),
    ],
  };
}

function covers(hole: Span, bin: Span): boolean {
  return hole.from <= bin.from && hole.to >= bin.to;
}

/** `14:05`; with the day if there are several; the day alone if bins are days. */
function labelsOf(bins: readonly Bin[], stepMs: number): readonly string[] {
  const isOneDay = new Set(bins.map(({ from }) => isoOf(from).slice(0, 10))).size === 1;
  return bins.map(({ from }) => {
    const day = isoOf(from).slice(5, 10);
    const time = isoOf(from).slice(11, 16);
    if (stepMs >= DAY) return day;
    return isOneDay ? time : `${day} ${time}`;
  });
}

function isoOf(at: Date): string {
  return at.toISOString();
}

function countOf(firstMs: number, endMs: number, stepMs: number): number {
  return (floor(endMs, stepMs) - floor(firstMs, stepMs)) / stepMs + 1;
}

/** Bins of several days begin at a day that is always the same, so that a chart does not shift. */
function floor(ms: number, stepMs: number): number {
  return Math.floor(ms / stepMs) * stepMs;
}

/**
 * How many of them fall into [fromMs, toMs): the last happened at the end, and the others are spread
 * evenly over the time in which they happened.
 */
function countIn({ at, until, count }: Failures, fromMs: number, toMs: number): number {
  const endMs = until.getTime();
  const spanMs = Math.max(0, endMs - at.getTime());
  if (count === 1 || spanMs === 0) return endMs >= fromMs && endMs < toMs ? count : 0;
  // How many happened before that moment.
  const before = (ms: number) => {
    const passed = Math.ceil(((ms - at.getTime()) / spanMs) * (count - 1));
    return ms > endMs ? count : Math.min(Math.max(passed, 0), count - 1);
  };
  return before(toMs) - before(fromMs);
}
