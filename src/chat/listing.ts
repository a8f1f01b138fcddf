import {
  type Block,
  type Column,
  headed,
  type Message,
  note,
  type Row,
  type Spans,
} from './message.ts';
import { readAtBlocks } from './read-at.ts';

/** An answer of one line with a table under it. */
export interface Listing {
  readonly headline: string;
  /** Small print between the two. */
  readonly notes?: readonly Spans[];
  readonly table: Table;
  readonly readAt: Date;
  /** The line that reads the same again, and what it does, for a screen reader. */
  readonly again: readonly [line: string, says: string];
}

export interface Table {
  /** A label alone is a column of words. */
  readonly columns: readonly (string | Column)[];
  readonly rows: readonly Row[];
  /** How many rows there are; left out: no more than these. */
  readonly total?: number;
  /** So many are shown, and the others counted. */
  readonly limit?: number;
  /** Where the others are, in the last cell. */
  readonly note?: string;
}

const ROWS_SHOWN = 50;

export function listing({ headline, notes = [], table, readAt, again }: Listing): Message {
  return headed(headline, [
    ...notes.map((spans) => note(...spans)),
    ...tableBlocks(table),
    ...readAtBlocks(readAt, ...again),
  ]);
}

/** No block where there is no row. */
export function tableBlocks(table: Table): readonly Block[] {
  const { columns, rows, total = rows.length, limit = ROWS_SHOWN, note = '' } = table;
  if (rows.length === 0) return [];
  const shown = rows.slice(0, limit);
  const more = total - shown.length;
  const blanks = columns.slice(2).map(() => '');
  return [
    {
      kind: 'table',
      columns: columns.map((column) =>
        typeof column === 'string' ? { label: column, align: 'left' } : column,
      ),
      rows: more > 0 ? [...shown, [`+ ${more} more`, ...blanks, note]] : shown,
    },
  ];
}
