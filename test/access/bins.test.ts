import { describe, expect, it } from 'vitest';
import { binsOf, chartOf } from '../../src/access/bins.ts';
import { firstAtOf } from '../../src/access/timeline.ts';
import { fc } from '../chance.ts';
import { at, failed, span } from './days.ts';

describe('the bins', () => {
  it.each([
    { until: '20T09:03:00', step: 1, bins: 4 },
    { until: '20T09:15:00', step: 1, bins: 19 },
    { until: '20T09:30:00', step: 2, bins: 19 },
    { until: '20T18:30:00', step: 60, bins: 12 },
    { until: '27T18:30:00', step: 12 * 60, bins: 19 },
  ])('until $until are $bins of $step minutes', ({ until, step, bins }) => {
    const found = binsOf([failed('20T09:00:00', until)], at('29T00:00:00'));
    expect({ step: found.stepMs / 60_000, bins: found.bins.length }).toEqual({ step, bins });
  });

  it('have each failure once, near its time, and are few and equal, whatever the record holds', () => {
    const minutes = fc.integer({ min: 0, max: 90 * 24 * 60 });
    const failure = fc
      .record({
        ...{ start: minutes, length: fc.oneof(fc.nat(6), minutes) },
        ...{ count: fc.integer({ min: 1, max: 4_000_000_000 }) },
        error: fc.constantFrom(1045, 1129, 1049, 1158, 1159, 1203, 3118, 3159, 1),
      })
      .map(({ start, length, count, error }) => {
        const from = at('01T00:00:00').getTime() + start * 60_000;
        const times = { at: new Date(from), until: new Date(from + length * 60_000) };
        return failed('01T00:00:00', '01T00:00:00', { ...times, count, error });
      });
    fc.assert(
      fc.property(fc.array(failure, { minLength: 1, maxLength: 8 }), (failures) => {
        const { bins, stepMs } = binsOf(failures, new Date('2027-02-01T00:00:00Z'));
        const counts = bins.map(({ counts }) => [...counts.values()].reduce((a, b) => a + b, 0));
        expect(counts.reduce((a, b) => a + b, 0)).toBe(
          failures.reduce((sum, { count }) => sum + count, 0),
        );
        expect(counts[0]).toBeGreaterThan(0);
        const first = Math.min(...failures.map((each) => firstAtOf(each).getTime()));
        expect(bins[0]?.from.getTime()).toBeLessThanOrEqual(first);
        expect(bins[0]?.to.getTime()).toBeGreaterThan(first);
        if (stepMs < 5 * 86_400_000) expect(bins.length).toBeLessThanOrEqual(20);
        const chart = chartOf({ bins, stepMs }, []);
        expect(new Set(chart?.labels).size).toBe(bins.length);
        expect(chart?.series.length).toBeLessThanOrEqual(6);
      }),
    );
  });

  it('have no number where nothing was read and nothing is known', () => {
    const events = [failed('20T09:00:00', '20T09:01:00'), failed('20T09:14:00', '20T09:15:00')];
    const bins = binsOf(events, at('20T09:15:00'));
    const hole = span('20T09:05:30', '20T09:14:00');
    expect(chartOf(bins, [hole])?.series[0]?.values).toEqual([
      ...[1, 1, 0, 0, 0, 0],
      ...Array.from({ length: 8 }, () => null),
      ...[1, 1],
    ]);
  });
});
