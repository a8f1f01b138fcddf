// Runs statements on one SQLite file through libsql. Refuses if the file was replaced. Does I/O.
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CompiledQuery, QueryResult } from 'kysely';
import Libsql from 'libsql';
import { toColumn } from './columns.ts';
import { fault, type SqlitePlace } from './place.ts';

/** SQLite must not wait for locks: that would block the whole process. The caller retries. */
const BUSY_TIMEOUT_MS = 0;

/** Prepared statements that are kept. Most texts return at each sweep; lists vary in length. */
const STATEMENTS_KEPT = 200;

/** Opens the file at the first statement. Its functions throw libsql's errors, or `Unreadable`. */
export function createFile(place: SqlitePlace) {
  let database: Libsql.Database | null = null;
  let inode: number | null = null;
  let logInode: number | null = null;
  /** By text. Preparing one takes longer than running it. */
  const statements = new Map<string, Libsql.Statement>();

  function opened(): Libsql.Database {
    database ??= openDatabase(place);
    return database;
  }

  /** The same, for what reads or writes rows. A transaction looks once, when it begins. */
  function current(): Libsql.Database {
    if (database?.inTransaction === true) return database;
    if (inode !== null) refuseOtherFile(place.file, inode);
    if (logInode !== null) refuseOtherFile(logOf(place), logInode);
    const open = opened();
    inode ??= statSync(place.file).ino;
    // SQLite creates its log with the first statement that needs it.
    logInode ??= inodeOf(logOf(place));
    return open;
  }

  function prepared(open: Libsql.Database, sql: string): Libsql.Statement {
    const statement = statements.get(sql) ?? open.prepare(sql);
    if (statements.size >= STATEMENTS_KEPT) statements.clear();
    statements.set(sql, statement);
    return statement;
  }

  /** Rolls back the current transaction, if there is one. */
  function rollBack(): void {
    // If the disk is full, SQLite itself has already rolled back.
    if (database?.inTransaction === true) database.exec('rollback');
  }

  function close(): void {
    rollBack();
    statements.clear();
    database?.close();
    database = null;
    logInode = null;
  }

  return {
    isInTransaction: () => opened().inTransaction,
    /** Whether the query returns rows. */
    isReader: ({ sql }: CompiledQuery) => prepared(opened(), sql).reader,
    /** Runs one statement without values or rows: `begin`, `commit`. */
    order: (sql: string) => void current().exec(sql),
    run: <R>({ sql, parameters }: CompiledQuery): QueryResult<R> => {
      const statement = prepared(current(), sql);
      const values = parameters.map(toColumn);
      if (!statement.reader)
        return { rows: [], numAffectedRows: BigInt(statement.run(values).changes) };
      try {
        // Kysely has derived R from the columns that it selected.
        return { rows: statement.all(values) as R[] };
      } catch (error) {
        // libsql keeps the locks of a failed read (tursodatabase/libsql-client-ts#352).
        close();
        throw error;
      }
    },
    rollBack,
    close,
  };
}

function openDatabase({ file }: SqlitePlace): Libsql.Database {
  const folder = dirname(file);
  if (!existsSync(folder))
    throw fault(`the folder ${folder} does not exist; create it, or use another file`);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw fault(`${file} is a folder; use a file`);
  const database = new Libsql(file, { timeout: BUSY_TIMEOUT_MS });
  database.exec('pragma foreign_keys = on');
  // A decision must survive a power cut.
  database.exec('pragma synchronous = full');
  return database;
}

/** The write-ahead log: it holds the latest transactions, and SQLite does not notice if it is gone. */
function logOf({ file }: SqlitePlace): string {
  return `${file}-wal`;
}

/** null = there is no such file. */
function inodeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.ino ?? null;
}

/** Throws if the file was removed or replaced: writes to it would be lost without an error. */
function refuseOtherFile(file: string, inode: number): void {
  const found = inodeOf(file);
  if (found === inode) return;
  const what = found === null ? 'removed' : 'replaced';
  throw fault(
    `${file} was ${what} after hostcache opened it; put it back, or restart hostcache with what is there`,
  );
}
