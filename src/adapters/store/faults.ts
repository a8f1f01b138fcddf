import { isUnreadable, type Unreadable } from '../../chat/unreadable.ts';
import { LOGIN_FAULTS, type Sentence } from '../../hostcache/login-faults.ts';
import { fault, type MysqlPlace, nameOf, type Place, type SqlitePlace } from './place.ts';

/** Turns what the two drivers throw into one line for whoever set STATE_URL; nobody else reads their codes. */

type DatabaseSentence = (label: string, message: string, database: string) => string;

/** By the lower byte of SQLite's result code, https://www.sqlite.org/rescode.html. */
const SQLITE: Readonly<Record<number, Sentence>> = {
  3: (label) => `${label} cannot be written; check owner and mode of file and folder`,
  5: (label) => `another program keeps ${label} locked; see which one has it open`,
  8: (label) => `${label} cannot be written; check owner and mode of file and folder`,
  10: (label, message) => `the disk of ${label} failed: ${message}`,
  11: (label) => `${label} is damaged; put a backup in its place, or name a new file`,
  13: (label) => `the disk of ${label} is full; make room there`,
  14: (label) => `${label} cannot be opened; check owner and mode of file and folder`,
  26: (label) => `${label} is no SQLite database; name another file`,
};
const SQLITE_BUSY = 5;
const SQLITE_CANTOPEN = 14;
const SQLITE_CONSTRAINT = 19;
/** SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE. */
const SQLITE_DUPLICATE: readonly number[] = [1555, 2067];

const MYSQL: Readonly<Record<string, DatabaseSentence>> = {
  ...LOGIN_FAULTS,
  ER_BAD_DB_ERROR: (label, _, database) =>
    `${label}: there is no such database (1049); run CREATE DATABASE ${quote(database)} there`,
  ER_DBACCESS_DENIED_ERROR: (label, _, database) =>
    `${label}: the account may not use this database (1044); ${grant(database)}`,
  ER_TABLEACCESS_DENIED_ERROR: (label, message, database) =>
    `${label}: ${message} (1142); ${grant(database)}`,
  ER_OPTION_PREVENTS_STATEMENT: (label) =>
    `${label} is read-only (1290); name the server that takes writes`,
  ER_LOCK_WAIT_TIMEOUT: (label) => `${label}: waited too long for a lock (1205)`,
  ER_LOCK_DEADLOCK: (label) => `${label}: a deadlock came again and again (1213)`,
  ER_NET_PACKET_TOO_LARGE: (label) => `${label}: raise max_allowed_packet there (1153)`,
  ER_NO_SUCH_TABLE: (_, message) => `${message} (1146); restart hostcache, which makes its tables`,
};

/** Our own mistakes, and duplicates, for the caller to judge: their messages may quote a value. */
const MYSQL_MISTAKES: readonly string[] = [
  'ER_DUP_ENTRY',
  'ER_PARSE_ERROR',
  'ER_BAD_FIELD_ERROR',
  'ER_DATA_TOO_LONG',
];

export function toSqliteFault(error: unknown, place: SqlitePlace): unknown {
  const code = sqliteCodeOf(error);
  if (isUnreadable(error) || !(error instanceof Error) || code === null) return error;
  if ((code & 0xff) === SQLITE_CONSTRAINT) return error;
  return toFault(error, place, SQLITE[code & 0xff]);
}

export function toMysqlFault(error: unknown, place: MysqlPlace): unknown {
  const code = codeOf(error);
  if (isUnreadable(error) || !(error instanceof Error) || MYSQL_MISTAKES.includes(code))
    return error;
  return toFault(error, place, MYSQL[code]);
}

/** A key exists already. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === 'ER_DUP_ENTRY' || SQLITE_DUPLICATE.includes(sqliteCodeOf(error) ?? 0);
}

/** Another process has the SQLite file; asked again later it may be free. */
export function isBusy(error: unknown): boolean {
  return ((sqliteCodeOf(error) ?? 0) & 0xff) === SQLITE_BUSY;
}

/** The server gave way to another transaction: all is undone, and may be begun again. */
export function isDeadlock(error: unknown): boolean {
  return isUnreadable(error) && codeOf(error.cause) === 'ER_LOCK_DEADLOCK';
}

function toFault(error: Error, place: Place, sentence: DatabaseSentence | undefined): Unreadable {
  const message = error.message.replace(/\.$/, '');
  const label = nameOf(place);
  const database = place.kind === 'mysql' ? place.login.database : undefined;
  return fault(sentence?.(label, message, database ?? '') ?? `${label}: ${message}`, error);
}

/** The extended result code; libsql has names for some only. null: not of SQLite. */
function sqliteCodeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  if ('rawCode' in error && typeof error.rawCode === 'number') return error.rawCode;
  // Of a file that cannot be opened libsql says so in words, beside an empty code.
  return error.code === '' ? SQLITE_CANTOPEN : null;
}

/** Empty where there is none. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function grant(database: string): string {
  const privileges = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP';
  return `run GRANT ${privileges} ON ${quote(database)}.* TO this account`;
}

function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
