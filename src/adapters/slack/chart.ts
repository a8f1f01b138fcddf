import type { types } from '@slack/bolt';
import { chartLines } from '../../chat/chart.ts';
import type { Chart } from '../../chat/message.ts';
import { clean, cut } from './clean.ts';
import { preformatted } from './rich-text.ts';
import { TEXT_LIMIT } from './table.ts';

/** Draws a chart as a block, or as text where Slack does not accept the block. */

/** https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
const CHART = { title: 50, name: 20, series: 6 };

/** Undocumented: others report that Slack refuses more points than this in a series. */
const POINTS = 20;

/** Characters of a line, as text. */
const LINE_WIDTH = 80;

/** As text, if it is beyond Slack's limits. */
export function drawChart(chart: Chart): types.KnownBlock | null {
  // Slack has no value for what is not known, so the label tells.
  const categories = chart.labels.map((label, bin) => {
    const isKnown = chart.series.some(({ values }) => (values[bin] ?? null) !== null);
    return named(isKnown ? label : `${label} ?`);
  });
  const series = chart.series.map(({ name, values }) => ({
    name: named(name),
    data: categories.map((label, bin) => ({ label, value: values[bin] ?? 0 })),
  }));
  const fits =
    isDistinct(categories, POINTS) &&
    isDistinct(
      series.map(({ name }) => name),
      CHART.series,
    );
  if (!fits) return drawChartAsText(chart);
  const block = {
    type: 'data_visualization',
    title: cut(clean(chart.title), CHART.title) || '–',
    chart: { type: 'bar', series, axis_config: { categories } },
  };
  // @slack/types 3.2.0 does not have this block yet; the shape is that of Slack's reference.
  return block as unknown as types.KnownBlock;
}

export function drawChartAsText(chart: Chart): types.KnownBlock | null {
  return preformatted(cut(chartText(chart), TEXT_LIMIT));
}

export function chartText({ title, labels, series }: Chart): string {
  // A statement keeps line breaks, so a line break in a name would look like a new bin.
  const short = (text: string) => clean(cut(text, LINE_WIDTH));
  const cleaned = {
    title: short(title),
    labels: labels.map(short),
    series: series.map(({ name, values }) => ({ name: short(name), values })),
  };
  return chartLines(cleaned, LINE_WIDTH).join('\n');
}

function named(text: string): string {
  return cut(clean(cut(text, LINE_WIDTH)), CHART.name) || '–';
}

function isDistinct(names: readonly string[], most: number): boolean {
  return names.length > 0 && names.length <= most && new Set(names).size === names.length;
}
