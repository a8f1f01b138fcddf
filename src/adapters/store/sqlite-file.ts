// Asks the disk: one SQLite file through libsql, as long as it stays the same file.
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CompiledQuery, QueryResult } from 'kysely';
import Libsql from 'libsql';
import { toColumn } from './columns.ts';
import { fault, type SqlitePlace } from './place.ts';

/** What fails throws libsql's errors, or `Unreadable`. */
export interface StateFile {
  isInTransaction(): boolean;
  /** Whether it answers with rows. */
  isReader(query: CompiledQuery): boolean;
  /** One statement that is waited for no longer: `begin`, `commit`. */
  order(sql: string): void;
  run<R>(query: CompiledQuery): QueryResult<R>;
  /** Ends the transaction that is under way, if there is one. */
  rollBack(): void;
  close(): void;
}

/** While SQLite itself waits for another process all of ours stands still, so whoever calls it waits. */
const BUSY_TIMEOUT_MS = 0;

/** Opens it when it is first needed. */
export function createFile(place: SqlitePlace): StateFile {
  let database: Libsql.Database | null = null;
  let inode: number | null = null;

  function current(): Libsql.Database {
    if (inode !== null) refuseOtherFile(place, inode);
    database ??= openDatabase(place);
    inode = statSync(place.file).ino;
    return database;
  }

  function rollBack(): void {
    // SQLite itself has ended it where the disk is full.
    if (database?.inTransaction === true) database.exec('rollback');
  }

  function close(): void {
    rollBack();
    database?.close();
    database = null;
  }

  return {
    isInTransaction: () => current().inTransaction,
    isReader: ({ sql }) => current().prepare(sql).reader,
    order: (sql) => void current().exec(sql),
    run: <R>({ sql, parameters }: CompiledQuery) => {
      const statement = current().prepare(sql);
      const values = parameters.map(toColumn);
      if (!statement.reader)
        return { rows: [], numAffectedRows: BigInt(statement.run(values).changes) };
      try {
        // Kysely has derived R from the columns that it selected.
        return { rows: statement.all(values) as R[] };
      } catch (error) {
        // libsql lets go of nothing that a failed read holds (tursodatabase/libsql-client-ts#352).
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
    throw fault(`there is no folder ${folder}; make it, or name another file`);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw fault(`${file} is a folder; name a file`);
  const database = new Libsql(file, { timeout: BUSY_TIMEOUT_MS });
  database.exec('pragma foreign_keys = on');
  // What was decided survives a power cut.
  database.exec('pragma synchronous = full');
  return database;
}

/** What is written to a file that was removed is lost without a word, so nothing is. */
function refuseOtherFile({ file }: SqlitePlace, inode: number): void {
  const found = statSync(file, { throwIfNoEntry: false })?.ino;
  if (found === inode) return;
  const what = found === undefined ? 'is gone' : 'is another file';
  throw fault(`${file} ${what} since hostcache opened it; put it back, or restart hostcache`);
}
