import type { Column, Row, Table } from './message.ts';
import { cutToWidth, widthOf } from './width.ts';

/** Lays out a table as lines of text, for outputs that cannot draw tables. */

const GAP = '  ';

/** Characters. Columns are not shrunk below this width. */
const NARROWEST = 6;

/**
 * The header and every row, padded to columns. Cells are cut with `…` only if the lines would exceed
 * the width. The first column names the row, so it is cut last.
 */
export function gridLines(table: Table, width: number): readonly string[] {
  const widths = shrunk(naturalWidths(table), roomFor(table, width), 0);
  return allRows(table).map((row) =>
    table.columns
      .map(({ align }, index) => filled(row[index] ?? '', widths[index] ?? 0, align))
      .join(GAP)
      .trimEnd(),
  );
}

/** Whether the columns fit into the width without cutting the first one. */
export function fitsWidth(table: Table, width: number): boolean {
  const room = roomFor(table, width);
  return sumOf(shrunk(naturalWidths(table), room, 1)) <= room;
}

/** For each row, one line per cell that is not empty: `Address: 192.0.2.7`. */
export function recordLines({ columns, rows }: Table): readonly (readonly string[])[] {
  return rows.map((row) =>
    columns.flatMap(({ label }, index) => {
      const cell = row[index] ?? '';
      return cell === '' ? [] : [`${label}: ${cell}`];
    }),
  );
}

/** The labels of the columns, and every row. */
function allRows({ columns, rows }: Table): readonly Row[] {
  return [columns.map(({ label }) => label), ...rows];
}

function naturalWidths(table: Table): readonly number[] {
  const rows = allRows(table);
  return table.columns.map((_, index) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? '')), 0),
  );
}

function roomFor({ columns }: Table, width: number): number {
  return width - GAP.length * (columns.length - 1);
}

/** Shrinks the widest column after the first until all fit; then the first, if `fixed` is 0. */
function shrunk(natural: readonly number[], room: number, fixed: 0 | 1): readonly number[] {
  const widths = [...natural];
  let excess = sumOf(widths) - room;
  for (const from of fixed === 1 ? [1] : [1, 0]) {
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
