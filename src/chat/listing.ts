import {
  type Block,
  type Button,
  type Column,
  headed,
  type Message,
  note,
  type Row,
  type Spans,
  time,
} from './message.ts';

/** An answer with a headline and a table. */
export interface Listing {
  readonly headline: string;
  /** Small print between headline and table. */
  readonly notes?: readonly Spans[];
  readonly table: LongTable;
  readonly readAt: Date;
  /** The line that reads the same data again, and its description for a screen reader. */
  readonly again: readonly [line: string, says: string];
}

export interface LongTable {
  /** A string is the label of a left-aligned column. */
  readonly columns: readonly (string | Column)[];
  readonly rows: readonly Row[];
  /** The total number of rows; absent = `rows` has all of them. */
  readonly total?: number;
  /** How many rows are shown; the others are counted. Absent = 50. */
  readonly limit?: number;
  /** Where to find the other rows; shown in the last cell. */
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

/**
 * The end of an answer that reads: when it was read, and a button that reads again. `line` reads the
 * same data again; `says` describes it for a screen reader.
 */
export function readAtBlocks(at: Date, line: string, says: string): readonly Block[] {
  return [note('Read ', time(at)), { kind: 'buttons', buttons: [checkAgain(line, says)] }];
}

export function checkAgain(line: string, says: string): Button {
  return { label: 'Check again', line, says, replaces: true };
}

/** `+ 3 more`; no block if at most `limit` items exist. */
export function moreNote(items: readonly unknown[], limit: number): readonly Block[] {
  return items.length > limit ? [note(`+ ${items.length - limit} more`)] : [];
}

/** No block if there are no rows. */
export function tableBlocks(table: LongTable): readonly Block[] {
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
