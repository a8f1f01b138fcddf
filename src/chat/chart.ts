import type { Chart, Series } from './message.ts';
import { cutToWidth, widthOf } from './width.ts';

/** Draws a chart as lines of text, for outputs that cannot draw charts. */

/** One for each series. ASCII: its characters take one column in every font. */
const SIGNS = ['#', '=', 'o', '+', '*', '~'];

/** Columns of the longest bar. */
const LONGEST = 40;
/** Columns. A shorter bar compares nothing, so only the numbers are shown. */
const SHORTEST = 8;

const GAP = '  ';

/** The title, a line for each series with its sign and sum, then a line for each bin; `?` = not known. */
export function chartLines({ title, labels, series }: Chart, width: number): readonly string[] {
  const bins = labels.map((label, bin) => {
    const values = series.map(({ values }) => values[bin] ?? null);
    return { label, values, total: totalOf(values) };
  });
  const numbers = bins.map(({ total }) => (total === null ? '?' : String(total)));
  const labelWidth = widest(labels);
  const numberWidth = widest(numbers);
  const left = width - labelWidth - numberWidth - 2 * GAP.length;
  const room = left < SHORTEST ? 0 : Math.min(left, LONGEST);
  const most = bins.reduce((max, { total }) => Math.max(max, total ?? 0), 0);
  const lines = bins.map(({ label, values }, bin) => {
    const number = (numbers[bin] ?? '').padStart(numberWidth);
    return [filled(label, labelWidth), number, barOf(values, most, room)].join(GAP).trimEnd();
  });
  return [title, ...series.map(legend), ...lines].map((line) => cutToWidth(line, width));
}

function legend({ name, values }: Series, index: number): string {
  return `${signOf(index)} ${name}: ${totalOf(values) ?? '?'}`;
}

/** Every value above 0 gets a sign, so that one failure beside a thousand is seen. */
function barOf(values: readonly (number | null)[], most: number, room: number): string {
  // Each part may be one sign longer than its share.
  const scale = most === 0 ? 0 : Math.max(0, room - values.length) / most;
  if (room === 0) return '';
  return values
    .map((value, index) => {
      const signs = value === null || value <= 0 ? 0 : Math.max(1, Math.round(value * scale));
      return signOf(index).repeat(signs);
    })
    .join('');
}

function signOf(index: number): string {
  return SIGNS[index % SIGNS.length] ?? '#';
}

/** null = none of them is known. */
function totalOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, each) => Math.max(most, widthOf(each)), 0);
}

function filled(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
