import { count, utc } from '../chat/lists.ts';
import { type Block, note } from '../chat/message.ts';
import { type Bins, chartOf, sayStep } from './bins.ts';
import { type Failures, firstAtOf, type TimelineEntry } from './timeline.ts';

/** The chart of failures, and what it shows in words. Pure. */

/** No block without failures. `entries`: of the time of the chart, with its gaps. */
export function chartBlocks(entries: readonly TimelineEntry[], bins: Bins): readonly Block[] {
  const holes = entries
    .filter((entry) => entry.kind === 'gap')
    .map(({ at, until }) => ({ from: at, to: until }));
  const chart = chartOf(bins, holes);
  if (chart === null) return [];
  const { stepMs } = bins;
  const sums = bins.bins.map(({ counts }) => [...counts.values()].reduce((sum, n) => sum + n, 0));
  const most = Math.max(...sums);
  const quietFrom = chart.labels[sums.findLastIndex((sum) => sum > 0) + 1];
  const ended = quietFrom === undefined ? '' : ` None since ${quietFrom}.`;
  const label = chart.labels[sums.indexOf(most)] ?? '';
  const says = `Peak: ${count(most, 'error')} per ${sayStep(stepMs)}, at ${label}.${ended}`;
  return [{ kind: 'chart', ...chart }, note(says)];
}

/** `, first …, last …`, or the one time; there must be a failure. */
export function sayWhen(failures: readonly Failures[]): string {
  const first = failures.reduce((ms, each) => Math.min(ms, firstAtOf(each).getTime()), Infinity);
  const last = failures.reduce((ms, { until }) => Math.max(ms, until.getTime()), 0);
  return first === last
    ? `: ${utc(new Date(first))}`
    : `, first ${utc(new Date(first))}, last ${utc(new Date(last))}`;
}
