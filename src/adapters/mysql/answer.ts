// Reads the answer to one query, row by row. Does I/O.
import type { FieldPacket, QueryOptions, RowDataPacket } from 'mysql2';
import { ANSWER_LIMIT, COLUMNS_LIMIT, type Watched } from '../../login/connection.ts';
import { tooMuch } from '../../login/socket.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Called with the column names; called again if the query is sent again. */
export type ToReader<T> = (columns: readonly string[]) => RowReader<T>;

export interface RowReader<T> {
  /** Rows are arrays: they cost half as much as objects. */
  add(row: readonly unknown[]): void;
  end(): T;
}

/** Twice the largest host cache, and more than any list of accounts or sessions that is asked for. */
const ROW_LIMIT = 131_072;

/** A statement that asks for nothing, such as SET, has an empty answer. */
export async function answerOf<T>(
  { connection, allow }: Pick<Watched, 'connection' | 'allow'>,
  query: QueryOptions,
  toReader: ToReader<T>,
): Promise<T> {
  let reader: RowReader<T> | undefined;
  let rows = 0;
  allow(COLUMNS_LIMIT);
  await new Promise<void>((resolve, reject) => {
    // mysql2 reports the end of the connection to the connection only.
    const fail = (error: unknown) => {
      connection.off('error', fail);
      reject(error);
    };
    connection.on('error', fail);
    connection
      .query<RowDataPacket[][]>({ ...query, rowsAsArray: true })
      .on('fields', (fields: readonly FieldPacket[] | undefined) => {
        if (fields === undefined) return;
        reader = toReader(fields.map(({ name }) => name));
        allow(ANSWER_LIMIT);
      })
      .on('result', (row: unknown, at: number | undefined) => {
        // No query of hostcache has more than one result.
        if ((at ?? 0) > 0 || rows >= ROW_LIMIT) throw tooMuch();
        rows += 1;
        if (Array.isArray(row)) reader?.add(row);
      })
      .on('error', fail)
      .on('end', () => {
        connection.off('error', fail);
        resolve();
      });
  });
  if (reader === undefined && /^\s*(?:SELECT|SHOW)\b/.test(query.sql))
    throw new Error('the server answered a query for rows without columns');
  return (reader ?? toReader([])).end();
}

/** Rows by column name. */
export const toFields: ToReader<readonly Fields[]> = (columns) => {
  const rows: Fields[] = [];
  return {
    add: (row) => rows.push(Object.fromEntries(columns.map((name, at) => [name, row[at]]))),
    end: () => rows,
  };
};
