import { codeOf, isUnreadable, type Unreadable } from '../../chat/unreadable.ts';
import { identifier } from '../../hostcache/account.ts';
import { driverFault, oneLine, type Sentence } from '../../hostcache/login-faults.ts';
import { fault, type MysqlPlace, nameOf, type Place, type SqlitePlace } from './place.ts';

/** Turns both drivers' errors into one line about STATE_URL. Only this file reads their codes. */

type DatabaseSentence = (label: string, message: string, database: string) => string;

/** Sentences by the lower byte of SQLite's result code, https://www.sqlite.org/rescode.html. */
const SQLITE: Readonly<Record<number, Sentence>> = {
  3: (label) => `${label} cannot be written; check owner and mode of file and folder`,
  5: (label) => `another program keeps ${label} locked; check which one has it open`,
  8: (label) => `${label} cannot be written; check owner and mode of file and folder`,
  10: (label, message) => `the disk of ${label} failed: ${message}`,
  11: (label) => `${label} is damaged; restore a backup, or use a new file`,
  13: (label) => `the disk of ${label} is full; free some space`,
  14: (label) => `${label} cannot be opened; check owner and mode of file and folder`,
  26: (label) => `${label} is not a SQLite database; use another file`,
};
const SQLITE_BUSY = 5;
const SQLITE_CANTOPEN = 14;
const SQLITE_CONSTRAINT = 19;
/** SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE. */
const SQLITE_DUPLICATE: readonly number[] = [1555, 2067];

const MYSQL: Readonly<Record<string, DatabaseSentence>> = {
  ER_BAD_DB_ERROR: (label, _, database) =>
    `${label}: this database does not exist (1049); run CREATE DATABASE ${identifier(database)} there`,
  ER_DBACCESS_DENIED_ERROR: (label, _, database) =>
    `${label}: the account may not use this database (1044); ${grant(database)}`,
  ER_TABLEACCESS_DENIED_ERROR: (label, message, database) =>
    `${label}: ${message} (1142); ${grant(database)}`,
  ER_OPTION_PREVENTS_STATEMENT: (label) =>
    `${label} is read-only (1290); use the server that accepts writes`,
  ER_LOCK_WAIT_TIMEOUT: (label) => `${label}: waited too long for a lock (1205)`,
  ER_LOCK_DEADLOCK: (label) => `${label}: deadlocks ended every attempt (1213)`,
  ER_NET_PACKET_TOO_LARGE: (label) => `${label}: raise max_allowed_packet there (1153)`,
  ER_NO_SUCH_TABLE: (_, message) => `${message} (1146); restore a backup, or use a new database`,
  ER_READ_ONLY_MODE: (label) => `${label} is read-only (1836); use the server that accepts writes`,
  ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: (label) =>
    `${label}: its transactions are read-only (1792); use the server that accepts writes`,
  ER_INNODB_READ_ONLY: (label) => `${label}: InnoDB is read-only there (1874)`,
  ER_RECORD_FILE_FULL: (label) => `${label}: a table is full (1114); free some space there`,
  ER_DISK_FULL: (label) => `${label}: its disk is full (1021); free some space there`,
};

/** Our own bugs, and duplicates. Not translated, because their messages may quote a value. */
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
  const code = codeOf(error) ?? '';
  if (isUnreadable(error) || !(error instanceof Error) || MYSQL_MISTAKES.includes(code))
    return error;
  const { database = '' } = place.login;
  const sentence: Sentence = (label, message) =>
    MYSQL[code]?.(label, message, database) ?? driverFault(label, error) ?? `${label}: ${message}`;
  return toFault(error, place, sentence);
}

/** Whether a key exists already. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === 'ER_DUP_ENTRY' || SQLITE_DUPLICATE.includes(sqliteCodeOf(error) ?? 0);
}

/** Whether another process has locked the SQLite file; a later attempt may succeed. */
export function isBusy(error: unknown): boolean {
  return ((sqliteCodeOf(error) ?? 0) & 0xff) === SQLITE_BUSY;
}

/** Whether a deadlock ended the transaction. The server rolled it back, so it may run again. */
export function isDeadlock(error: unknown): boolean {
  return isUnreadable(error) && codeOf(error.cause) === 'ER_LOCK_DEADLOCK';
}

function toFault(error: Error, place: Place, sentence: Sentence | undefined): Unreadable {
  const message = oneLine(error.message);
  const label = nameOf(place);
  return fault(sentence?.(label, message) ?? `${label}: ${message}`, error);
}

/** SQLite's extended result code; libsql only names some of them. null: not an error of SQLite. */
function sqliteCodeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  if ('rawCode' in error && typeof error.rawCode === 'number') return error.rawCode;
  // If a file cannot be opened, libsql's error has an empty code.
  return error.code === '' ? SQLITE_CANTOPEN : null;
}

function grant(database: string): string {
  const privileges = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP';
  return `run GRANT ${privileges} ON ${identifier(database)}.* TO this account`;
}
