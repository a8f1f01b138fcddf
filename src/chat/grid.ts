import type { Column, Row } from './message.ts';

/** A table as lines of text in columns, for where nothing draws it. */

const GAP = '  ';

/** A column is never made narrower than this to fit. */
const NARROWEST = 6;

/** The header and every row, padded; cells are cut by `…` only where the lines would pass the width. */
export function gridLines(
  columns: readonly Column[],
  rows: readonly Row[],
  width: number,
): readonly string[] {
  const header = columns.map(({ label }) => label);
  const widths = columns.map((_, index) =>
    Math.max(...[header, ...rows].map((row) => lengthOf(row[index] ?? ''))),
  );
  shrink(widths, width - GAP.length * (columns.length - 1));
  return [header, ...rows].map((row) =>
    columns
      .map(({ align }, index) => filled(row[index] ?? '', widths[index] ?? 0, align))
      .join(GAP)
      .trimEnd(),
  );
}

/** Takes from the widest column until all fit, or none can give more. */
function shrink(widths: number[], room: number): void {
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) return;
    widths[widths.indexOf(widest)] = widest - 1;
    excess -= 1;
  }
}

function filled(cell: string, width: number, align: Column['align']): string {
  const points = Array.from(cell);
  const cut = points.length > width ? `${points.slice(0, width - 1).join('')}…` : cell;
  const padding = ' '.repeat(Math.max(0, width - lengthOf(cut)));
  return align === 'right' ? padding + cut : cut + padding;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
