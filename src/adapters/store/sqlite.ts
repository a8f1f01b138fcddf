// Asks the disk: a SQLite file as Kysely wants it, one call at a time.
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
import { pause } from '../../chat/waiting.ts';
import { isBusy, toSqliteFault } from './faults.ts';
import { didNotAnswer, type SqlitePlace } from './place.ts';
import { createFile } from './sqlite-file.ts';
import { createTurns } from './turns.ts';

/** Between two attempts while another process writes. */
const BUSY_PAUSE_MS = 5;

/** Each call may take `limitMs`, waiting for other calls and other processes included. */
export function createSqliteDialect(place: SqlitePlace, limitMs: number): Dialect {
  return {
    createDriver: () => createDriver(place, limitMs),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    // Kysely runs migrations outside of transactions for the sake of foreign keys; we have none.
    createAdapter: () =>
      Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true }),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

function createDriver(place: SqlitePlace, limitMs: number): Driver {
  const turn = createTurns();
  let endTurn: (() => void) | null = null;
  const desk = createDesk(place);
  const connection: DatabaseConnection = {
    executeQuery: desk.execute,
    streamQuery: () => {
      throw new Error('the state is never streamed');
    },
  };
  return {
    init: async () => {
      desk.limit(performance.now() + limitMs);
      // Changes a new file only, and needs it alone for that.
      await desk.order('pragma journal_mode = wal');
    },
    acquireConnection: async () => {
      const endsMs = performance.now() + limitMs;
      const end = await turn(limitMs);
      if (end === null) throw didNotAnswer(place, limitMs);
      endTurn = end;
      desk.limit(endsMs);
      return connection;
    },
    // At once exclusive: one that reads first and writes later can be refused halfway.
    beginTransaction: () => desk.order('begin immediate'),
    commitTransaction: () => desk.order('commit'),
    rollbackTransaction: async () => desk.rollBack(),
    releaseConnection: async () => {
      // A lone statement that failed has left its transaction open.
      desk.rollBack();
      endTurn?.();
    },
    destroy: async () => {
      await turn(limitMs);
      desk.close();
    },
  };
}

/** Where one call at a time has its statements run; all of it rejects as `Unreadable`. */
interface Desk {
  /** When the call that is served now has to be over, on the clock of `performance.now()`. */
  limit(endsMs: number): void;
  order(sql: string): Promise<void>;
  execute<R>(query: CompiledQuery): Promise<QueryResult<R>>;
  rollBack(): void;
  close(): void;
}

function createDesk(place: SqlitePlace): Desk {
  const file = createFile(place);
  let endsMs = 0;

  /** `work` is one order, or one read: of a write that is refused so, libsql lets nothing go. */
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
    // The statements of a long transaction shall not keep Slack waiting.
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
    limit: (atMs) => {
      endsMs = atMs;
    },
    order,
    execute,
    rollBack: file.rollBack,
    close: file.close,
  };
}
