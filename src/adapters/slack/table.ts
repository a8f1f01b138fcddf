import type { types } from '@slack/bolt';
import { gridLines } from '../../chat/grid.ts';
import type { Table } from '../../chat/message.ts';
import { costOf, textLength } from './budget.ts';
import { clean, cut } from './clean.ts';
import { preformatted } from './rich-text.ts';

/** Draws a table as a block, or as text where Slack does not accept the block. */

/** Slack refuses a text object over 3000 characters; rich text gets the same limit here. */
export const TEXT_LIMIT = 3000;

/** Slack refuses a table over 100 rows, including the header, or over 20 columns. */
const TABLE = { rows: 100, columns: 20, cell: 300 };

/** Draws as many rows as fit. The last row counts those that did not. */
export function drawTable({ columns, rows }: Table, room: number): types.KnownBlock[] {
  const shown = columns.slice(0, TABLE.columns);
  const header = shown.map(({ label }) => rawText(label));
  const table: types.TableBlock = {
    type: 'table',
    column_settings: shown.map(({ align }) => ({ align, is_wrapped: true })),
    rows: [header],
  };
  // 20 characters are reserved for the row that counts what did not fit.
  let left = room - costOf(table) - 20;
  for (const [index, row] of rows.entries()) {
    const cells = shown.map((_, column) => rawText(row[column] ?? ''));
    left -= textLength(cells);
    const isLast = index === rows.length - 1;
    if (left < 0 || table.rows.length >= TABLE.rows - (isLast ? 0 : 1)) {
      const more = rawText(`… + ${rows.length - index} more`);
      table.rows.push(shown.map((_, column) => (column === 0 ? more : rawText(''))));
      break;
    }
    table.rows.push(cells);
  }
  return left < 0 && table.rows.length === 2 ? [moreBlocks(1)] : [table];
}

/** The header and as many rows as fit, as text. The last line counts the rows that did not. */
export function drawTableAsText(table: Table, room: number): types.KnownBlock[] {
  const lines = linesOf(table);
  const limit = Math.min(TEXT_LIMIT, room - costOf(moreBlocks(lines.length)));
  const ends = lines.map((_, index) => lines.slice(0, index + 1).join('\n').length);
  const shown = ends.filter((end) => end <= limit).length;
  if (shown < 2) return [moreBlocks(1)];
  const rest = lines.length - shown;
  const more = rest > 0 ? [`… + ${rest} more`] : [];
  return [preformatted([...lines.slice(0, shown), ...more].join('\n'))];
}

/** Counts what did not fit. */
export function moreBlocks(count: number): types.KnownBlock {
  const elements = [{ type: 'text', text: `… + ${count} more` } as const];
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

/** The header and the rows, as lines of text. */
export function linesOf({ columns, rows }: Table): readonly string[] {
  // A statement keeps line breaks, so a line break in a name would look like a new row.
  return gridLines({ columns, rows: rows.map((row) => row.map(clean)) }, LINE_WIDTH);
}

/** Characters of a row as text. */
const LINE_WIDTH = 120;

function rawText(cell: string): { type: 'raw_text'; text: string } {
  // Slack refuses an empty cell.
  return { type: 'raw_text', text: cut(clean(cell), TABLE.cell) || '–' };
}
