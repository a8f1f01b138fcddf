// A chart: the drawing for the eye, and the same values as a table that everybody can open.
import { useId } from 'react';
import type { Chart as ChartData } from '../../slack/chart-rules.ts';
import { chartTable } from '../../slack/chart-table.ts';
import type { Block } from '../shape.ts';

const WIDTH = 360;
const HEIGHT = 150;
const RADIUS = 70;

export function Chart({ block }: { readonly block: Block }) {
  const id = useId();
  // The peer's validator accepted it as a chart.
  const chart = block['chart'] as ChartData;
  const isPie = chart.type === 'pie';
  const title = String(block['title']);
  const { head, rows } = chartTable(chart);
  return (
    <figure className="chart">
      <figcaption id={id}>
        <bdi>{title}</bdi>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        {chart.type === 'pie' ? <Pie chart={chart} /> : <Plot chart={chart} />}
      </svg>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll only the focused element */}
      <section className="table" tabIndex={0} aria-labelledby={id}>
        <table>
          <thead>
            <tr>
              {head.map((cell, column) => (
                <th key={cell} scope="col">
                  {!isPie && column > 0 && <Swatch hue={column - 1} />}
                  <bdi>{cell}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([label = '', ...values], line) => (
              <tr key={label}>
                <th scope="row">
                  {isPie && <Swatch hue={line} />}
                  <bdi>{label}</bdi>
                </th>
                {values.map((value, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is known by its place
                  <td key={index} className="right">
                    {value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </figure>
  );
}

/** The colour of a series or segment, beside its name. */
function Swatch({ hue }: { readonly hue: number }) {
  return (
    <svg className="swatch" viewBox="0 0 10 10" aria-hidden="true">
      <rect className={`hue-${hue}`} width="10" height="10" />
    </svg>
  );
}

function Pie({ chart: { segments } }: { readonly chart: Extract<ChartData, { type: 'pie' }> }) {
  const sum = segments.reduce((total, { value }) => total + value, 0);
  let end = 0;
  const slices = segments.map(({ label, value }, hue) => {
    end += (100 * value) / sum;
    return { label, hue, end };
  });
  // Each slice is a dash from the top to its end; the ones before it cover its first part.
  return slices
    .toReversed()
    .map((slice) => (
      <circle
        key={slice.label}
        className={`slice hue-${slice.hue}`}
        r={RADIUS / 2}
        pathLength={100}
        strokeWidth={RADIUS}
        strokeDasharray={slice.end > 99.99 ? undefined : `${slice.end} 100`}
        transform={`translate(${WIDTH / 2} ${HEIGHT / 2}) rotate(-90)`}
      />
    ));
}

interface PlotProps {
  readonly chart: Exclude<ChartData, { type: 'pie' }>;
}

function Plot({ chart: { type, series, axis_config } }: PlotProps) {
  const { categories } = axis_config;
  const all = series.flatMap(({ data }) => data.map(({ value }) => value));
  const top = Math.max(0, ...all);
  const bottom = Math.min(0, ...all);
  const span = top - bottom || 1;
  const y = (value: number) => 5 + ((HEIGHT - 10) * (top - value)) / span;
  const step = WIDTH / categories.length;
  return (
    <>
      {series.map(({ name, data }, index) => {
        const values = categories.map(
          (category) => data.find(({ label }) => label === category)?.value ?? 0,
        );
        const className = `${type} hue-${index}`;
        if (type === 'bar') {
          const width = (0.8 * step) / series.length;
          return values.map((value, at) => (
            <rect
              key={`${name} ${categories[at]}`}
              className={className}
              x={at * step + 0.1 * step + index * width}
              y={Math.min(y(value), y(0))}
              width={width}
              height={Math.abs(y(value) - y(0))}
            />
          ));
        }
        const points = values.map((value, at) => `${(at + 0.5) * step},${y(value)}`);
        const ends = [`${(values.length - 0.5) * step},${y(0)}`, `${0.5 * step},${y(0)}`];
        return type === 'line' ? (
          <polyline key={name} className={className} points={points.join(' ')} />
        ) : (
          <polygon key={name} className={className} points={[...points, ...ends].join(' ')} />
        );
      })}
      <line className="axis" x1="0" x2={WIDTH} y1={y(0)} y2={y(0)} />
    </>
  );
}
