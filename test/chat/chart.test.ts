import { expect, it } from 'vitest';
import { chartLines } from '../../src/chat/chart.ts';
import type { Chart } from '../../src/chat/message.ts';
import { widthOf } from '../../src/chat/width.ts';
import { fc } from '../chance.ts';

const CHART: Chart = {
  title: 'Failed logins per hour (UTC)',
  labels: ['9:00', '10:00', '11:00', '12:00'],
  series: [
    { name: 'wrong password', values: [0, 1, 76, null] },
    { name: 'client left', values: [0, 0, 38, null] },
  ],
};

it('shows each bin with its number, and a sign for each series', () => {
  expect(chartLines(CHART, Number.POSITIVE_INFINITY)).toEqual([
    'Failed logins per hour (UTC)',
    '# wrong password: 77',
    '= client left: 38',
    '9:00     0',
    '10:00    1  #',
    `11:00  114  ${'#'.repeat(25)}${'='.repeat(13)}`,
    '12:00    ?',
  ]);
});

it('shows numbers alone where a bar has no room', () => {
  expect(chartLines(CHART, 17)).toEqual([
    'Failed logins pe…',
    '# wrong password…',
    '= client left: 38',
    '9:00     0',
    '10:00    1',
    '11:00  114',
    '12:00    ?',
  ]);
});

const word = fc.string({ unit: 'grapheme', maxLength: 30 });
const value = fc.option(fc.nat(), { nil: null });
const chart = fc
  .record({ title: word, labels: fc.array(word, { maxLength: 5 }) })
  .chain(({ title, labels }) =>
    fc.record({
      title: fc.constant(title),
      labels: fc.constant(labels),
      series: fc.array(
        fc.record({
          name: word,
          values: fc.array(value, { minLength: labels.length, maxLength: labels.length }),
        }),
        { maxLength: 7 },
      ),
    }),
  );

it('never takes more columns than there are, and shows every failure that has room', () => {
  fc.assert(
    fc.property(chart, fc.integer({ min: 10, max: 120 }), (drawn, width) => {
      const lines = chartLines(drawn, width);
      expect(lines).toHaveLength(1 + drawn.series.length + drawn.labels.length);
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }),
  );
});
