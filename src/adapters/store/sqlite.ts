// Stores the state in a SQLite file: a Kysely driver, one call at a time. Does I/O.
import { setImmediate as breathe } from 'node:timers/promises';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { isLate, pause } from '../../chat/waiting.ts';
import { isBusy, toSqliteFault } from './faults.ts';
import { didNotAnswer, type SqlitePlace } from './place.ts';
import { createFile } from './sqlite-file.ts';

/** The pause between two attempts while another process writes. */
const BUSY_PAUSE_MS = 5;

/** Each call may take `limitMs`, including the wait for other calls and other processes. */
export function createSqliteDialect(place: SqlitePlace, limitMs: number): Dialect {
  return {
    createDriver: () => createDriver(place, limitMs),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    // Because of foreign keys, Kysely runs SQLite migrations outside a transaction; we have none.
    createAdapter: () =>
      Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true }),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

function createDriver(place: SqlitePlace, limitMs: number): Driver {
  const acquire = createMutex();
  let release: (() => void) | null = null;
  const runner = createRunner(place);
  const connection: DatabaseConnection = {
    executeQuery: runner.execute,
    streamQuery: () => {
      throw new Error('the state is never streamed');
    },
  };
  return {
    init: async () => {
      runner.limit(performance.now() + limitMs);
      // This only changes a new file, and needs exclusive access to do so.
      await runner.order('pragma journal_mode = wal');
    },
    acquireConnection: async () => {
      const endsMs = performance.now() + limitMs;
      const acquired = await acquire(limitMs);
      if (acquired === null) throw didNotAnswer(place, limitMs);
      release = acquired;
      runner.limit(endsMs);
      return connection;
    },
    // Takes the write lock at once: a transaction that reads first can fail at its first write.
    beginTransaction: () => runner.order('begin immediate'),
    commitTransaction: () => runner.order('commit'),
    rollbackTransaction: async () => runner.rollBack(),
    releaseConnection: async () => {
      // A single statement that failed left its transaction open.
      runner.rollBack();
      release?.();
    },
    destroy: async () => {
      await acquire(limitMs);
      runner.close();
    },
  };
}

/** Runs the statements of one call at a time; rejects as `Unreadable`. */
function createRunner(place: SqlitePlace) {
  const file = createFile(place);
  let endsMs = 0;

  /** Retries an order or a read while the file is locked. libsql keeps a failed write's locks. */
  async function whenFree<T>(work: () => T): Promise<T> {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || performance.now() >= endsMs) throw toSqliteFault(error, place);
      }
      await pause(BUSY_PAUSE_MS);
    }
  }

  const order = (sql: string) => whenFree(() => file.order(sql));

  async function execute<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // Lets other work run between the statements of a long transaction, such as answers to Slack.
    await breathe();
    try {
      if (file.isInTransaction()) return file.run<R>(query);
      if (await whenFree(() => file.isReader(query)))
        return await whenFree(() => file.run<R>(query));
      await order('begin immediate');
      const result = file.run<R>(query);
      await order('commit');
      return result;
    } catch (error) {
      throw toSqliteFault(error, place);
    }
  }

  return {
    /** Sets when the current call must end, on the clock of `performance.now()`. */
    limit: (atMs: number) => {
      endsMs = atMs;
    },
    order,
    execute,
    rollBack: file.rollBack,
    close: file.close,
  };
}

/**
 * Creates a fair mutex. A call resolves with the function that releases it; null = it was not free
 * within the limit, and the call gives up.
 */
function createMutex(): (limitMs: number) => Promise<(() => void) | null> {
  let last = Promise.resolve();
  return async (limitMs) => {
    const before = last;
    let end = () => {};
    last = new Promise((resolve) => {
      end = resolve;
    });
    if (!(await isLate(before, limitMs))) return end;
    void before.then(end);
    return null;
  };
}
