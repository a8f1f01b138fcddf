/**
 * Slack's rules for the chart in a data_visualization block.
 * https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
 */
import { z } from 'zod';
import { words } from './text-rules.ts';

/** The most segments and series. */
const MOST = 6;

/** The most characters in a name or a label, and in a title. */
const NAME = 20;
const TITLE = 50;

/** Undocumented: others report that Slack refuses more points than this in a series. */
const POINTS = 20;

const point = z.strictObject({ label: words(NAME), value: z.number() });

const pie = z.strictObject({
  type: z.literal('pie'),
  segments: z
    .array(z.strictObject({ label: words(NAME), value: z.number().positive() }))
    .min(1)
    .max(MOST),
});

function plotted<T extends string>(type: T) {
  return z
    .strictObject({
      type: z.literal(type),
      series: z
        .array(z.strictObject({ name: words(NAME), data: z.array(point).min(1).max(POINTS) }))
        .min(1)
        .max(MOST),
      axis_config: z.strictObject({
        categories: z.array(words(NAME)).min(1).max(POINTS),
        x_label: words(TITLE).optional(),
        y_label: words(TITLE).optional(),
      }),
    })
    .superRefine(({ series, axis_config: { categories } }, context) => {
      const say = (path: readonly (string | number)[], message: string) =>
        context.addIssue({ code: 'custom', path: [...path], message });
      if (new Set(series.map(({ name }) => name)).size < series.length) {
        say(['series'], 'duplicate name of a series');
      }
      for (const [index, { data }] of series.entries()) {
        const labels = data.map(({ label }) => label);
        const isWhole =
          labels.length === categories.length && categories.every((one) => labels.includes(one));
        if (!isWhole) {
          say(['series', index, 'data'], 'expected one point for each category');
        }
      }
    });
}

export const chartTitle = words(TITLE);

export const chart = z.discriminatedUnion('type', [
  pie,
  plotted('bar'),
  plotted('area'),
  plotted('line'),
]);

export type Chart = z.output<typeof chart>;
