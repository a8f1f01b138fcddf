import type { Column, Row } from './message.ts';
import { cutToWidth, widthOf } from './width.ts';

/** A table as lines of text in columns, for where nothing draws it. */

const GAP = '  ';

/** A column is never made narrower than this to fit. */
const NARROWEST = 6;

/**
 * The header and every row, padded; cells are cut by `…` only where the lines would pass the width,
 * those of the first column, which says whose row it is, after all others.
 */
export function gridLines(
  columns: readonly Column[],
  rows: readonly Row[],
  width: number,
): readonly string[] {
  const widths = shrunk(naturalWidths(columns, rows), roomFor(columns, width), 0);
  const header = columns.map(({ label }) => label);
  return [header, ...rows].map((row) =>
    columns
      .map(({ align }, index) => filled(row[index] ?? '', widths[index] ?? 0, align))
      .join(GAP)
      .trimEnd(),
  );
}

/** Whether the columns fit, the first one whole. */
export function fitsWidth(
  columns: readonly Column[],
  rows: readonly Row[],
  width: number,
): boolean {
  const room = roomFor(columns, width);
  return sumOf(shrunk(naturalWidths(columns, rows), room, 1)) <= room;
}

/** `Address: 192.0.2.7`, a line for each cell that holds something, a list of them for each row. */
export function recordLines(
  columns: readonly Column[],
  rows: readonly Row[],
): readonly (readonly string[])[] {
  return rows.map((row) =>
    columns.flatMap(({ label }, index) => {
      const cell = row[index] ?? '';
      return cell === '' ? [] : [`${label}: ${cell}`];
    }),
  );
}

function naturalWidths(columns: readonly Column[], rows: readonly Row[]): readonly number[] {
  const header = columns.map(({ label }) => label);
  return columns.map((_, index) =>
    [header, ...rows].reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? '')), 0),
  );
}

function roomFor(columns: readonly Column[], width: number): number {
  return width - GAP.length * (columns.length - 1);
}

/** Takes from the widest column behind the first `kept` until all fit; then, if need be, from those. */
function shrunk(natural: readonly number[], room: number, kept: 0 | 1): readonly number[] {
  const widths = [...natural];
  let excess = sumOf(widths) - room;
  for (const from of kept === 1 ? [1] : [1, 0]) {
    while (excess > 0) {
      const widest = Math.max(...widths.slice(from));
      if (!(widest > NARROWEST)) break;
      widths[widths.indexOf(widest, from)] = widest - 1;
      excess -= 1;
    }
  }
  return widths;
}

function filled(cell: string, width: number, align: Column['align']): string {
  const cut = cutToWidth(cell, width);
  const padding = ' '.repeat(Math.max(0, width - widthOf(cut)));
  return align === 'right' ? padding + cut : cut + padding;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
