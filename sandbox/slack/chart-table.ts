/** A chart as the table of its values, which people who do not see the chart read. */
import type { Chart } from './chart-rules.ts';

export interface ChartTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function chartTable(chart: Chart): ChartTable {
  if (chart.type === 'pie') {
    const sum = chart.segments.reduce((total, { value }) => total + value, 0);
    return {
      head: ['Part', 'Value', 'Share'],
      rows: chart.segments.map(({ label, value }) => [
        label,
        String(value),
        `${Math.round((100 * value) / sum)} %`,
      ]),
    };
  }
  const { series, axis_config } = chart;
  return {
    head: [axis_config.x_label ?? 'Category', ...series.map(({ name }) => name)],
    rows: axis_config.categories.map((category) => [
      category,
      ...series.map(({ data }) => String(data.find(({ label }) => label === category)?.value)),
    ]),
  };
}
