// Runs single statements and transactions on the state's database. Does I/O.
import { CamelCasePlugin, type Dialect, Kysely, type Transaction, type UpdateResult } from 'kysely';
import { COLUMNS_TO_RECORDS } from './columns.ts';
import { isDeadlock, isDuplicate } from './faults.ts';
import type { COUNTERS } from './migrations.ts';
import type { Tables } from './tables.ts';

export type Db = Kysely<Tables>;
export type Trx = Transaction<Tables>;

/**
 * All calls reject as `Unreadable` if the database cannot run them. Then nothing was written; but
 * if the answer to a commit was lost, the result is unknown.
 */
export interface Database {
  /** For single statements. */
  readonly db: Db;
  /** Runs all statements or none. `work` may run again, so it must have no other effect. */
  atomically<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
  /** The same, but rolls back if `work` resolves with false. */
  attempt(work: (trx: Trx) => Promise<boolean>): Promise<boolean>;
  close(): Promise<void>;
}

/** How often a transaction is tried if deadlocks end it. */
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
    // Kysely rolls back a transaction that throws.
    const undo = new Error('rolled back');
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

/** Runs the UPDATE. False if no row met its conditions. */
export async function isUpdated(update: {
  executeTakeFirst(): Promise<UpdateResult | undefined>;
}): Promise<boolean> {
  return ((await update.executeTakeFirst())?.numUpdatedRows ?? 0n) > 0n;
}

/** Adds 1 to a counter, and locks it until the transaction ends. False if there is no such row. */
export function countUp(
  db: Db,
  name: (typeof COUNTERS)[number] | `refusals ${string}`,
): Promise<boolean> {
  return isUpdated(
    db
      .updateTable('hostcache_counters')
      .set(({ eb }) => ({ last: eb('last', '+', 1) }))
      .where('name', '=', name),
  );
}

/** The next id, such as `AL-8`. No other process gets the same one. */
export function nextId(
  { atomically }: Database,
  prefix: 'AL' | 'SI' | 'FR' | 'PL',
): Promise<string> {
  return atomically(async (trx) => {
    await countUp(trx, prefix);
    const { last } = await trx
      .selectFrom('hostcache_counters')
      .select('last')
      .where('name', '=', prefix)
      .executeTakeFirstOrThrow();
    return `${prefix}-${last}`;
  });
}

/** Runs the INSERT. False if the key exists already; then nothing changed. */
export async function isInserted(insert: { execute(): Promise<unknown> }): Promise<boolean> {
  try {
    await insert.execute();
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
