import { isMissing } from './faults.ts';

/** Reads what identifies a server, because several may share one host name. Does I/O. */

/** Resolves with the rows, by column name. */
type Ask = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Tried in this order until the server knows one. */
const SOURCES: readonly string[] = [
  'SELECT @@server_uuid AS id',
  // MariaDB 10.6 and newer.
  'SELECT @@server_uid AS id',
  "SELECT CONCAT_WS(' ', @@hostname, @@port, @@datadir) AS id",
];

export async function readIdentity(ask: Ask): Promise<string> {
  for (const sql of SOURCES) {
    try {
      const [row] = await ask(sql);
      if (row?.['id']) return String(row['id']);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  throw new Error('the server returned neither an id nor a host name');
}
