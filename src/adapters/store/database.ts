// Asks the database: one statement, or several that are one.
import { CamelCasePlugin, type Dialect, Kysely, type Transaction } from 'kysely';
import { COLUMNS_TO_RECORDS } from './columns.ts';
import { isDeadlock, isDuplicate } from './faults.ts';
import type { Tables } from './tables.ts';

export type Db = Kysely<Tables>;
export type Trx = Transaction<Tables>;

/** All calls reject as `Unreadable` where the database cannot do it, and then nothing was written; only where the answer to a commit is lost, nobody knows. */
export interface Database {
  /** For one statement by itself. */
  readonly db: Db;
  /** All statements, or none; `work` may be run again, so it does nothing else. */
  atomically<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
  /** Likewise; what `work` wrote is undone where it resolves with false. */
  attempt(work: (trx: Trx) => Promise<boolean>): Promise<boolean>;
  close(): Promise<void>;
}

/** So often a transaction is begun that others stood in the way of. */
const TRIES = 5;

export function createDatabase(dialect: Dialect): Database {
  const db: Db = new Kysely<Tables>({
    dialect,
    plugins: [new CamelCasePlugin(), COLUMNS_TO_RECORDS],
  });

  async function atomically<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await db.transaction().execute(work);
      } catch (error) {
        if (!isDeadlock(error) || tries === TRIES) throw error;
      }
    }
  }

  async function attempt(work: (trx: Trx) => Promise<boolean>): Promise<boolean> {
    // Kysely undoes what throws.
    const undo = new Error('to be undone');
    try {
      return await atomically(async (trx) => {
        if (await work(trx)) return true;
        throw undo;
      });
    } catch (error) {
      if (error === undo) return false;
      throw error;
    }
  }

  return { db, atomically, attempt, close: () => db.destroy() };
}

/** False where its key exists already, and nothing changed. */
export async function isInserted(insert: { execute(): Promise<unknown> }): Promise<boolean> {
  try {
    await insert.execute();
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
