// Asks the MySQL server that holds the state: Kysely over a bounded pool, each call with its time limit.
import { type Dialect, MysqlDialect, type MysqlPool, type MysqlPoolConnection } from 'kysely';
import mysql, { type Pool, type PoolConnection, type QueryResult } from 'mysql2/promise';
import { within } from '../../chat/waiting.ts';
import { toColumn } from './columns.ts';
import { toMysqlFault } from './faults.ts';
import { didNotAnswer, type MysqlPlace } from './place.ts';

const CONNECTIONS = 8;
/** Calls beyond these find out at once that the server does not keep up. */
const WAITING = 1000;
const CLOSE_MS = 1000;

/**
 * With READ COMMITTED nobody waits for gaps between rows. Placeholders are escaped for this sql_mode.
 * A lock is waited for less long than a call, so that the server says what the matter is.
 */
const SETTINGS = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES', innodb_lock_wait_timeout = 3, lock_wait_timeout = 3",
];

/** Each call may take `limitMs`, waiting for a connection included, and rejects as `Unreadable`. */
export function createMysqlDialect(place: MysqlPlace, limitMs: number): Dialect {
  return new MysqlDialect({ pool: async () => createPool(place, limitMs) });
}

/** mysql2's pool as Kysely asks it. */
function createPool(place: MysqlPlace, limitMs: number): MysqlPool {
  const pool = openPool(place);
  const prepared = new WeakSet<object>();
  const calls = new Set<Promise<void>>();

  async function enter(leave: () => void): Promise<MysqlPoolConnection> {
    const call: Call = { place, limitMs, endsMs: performance.now() + limitMs };
    const session = await fromPool(pool, call);
    // The object around the connection is a new one each time.
    if (!prepared.has(session.connection)) await prepare(session, call);
    prepared.add(session.connection);
    return limited(session, call, leave);
  }

  return {
    getConnection: (callback) => {
      const left = new Promise<void>((leave) => {
        enter(leave).then(
          (connection) => callback(null, connection),
          (error) => {
            leave();
            // Kysely looks at the error alone.
            callback(error, undefined as never);
          },
        );
      });
      calls.add(left);
      void left.then(() => calls.delete(left));
    },
    /** Waits a little for calls that are under way. */
    end: async (callback) => {
      await within(Promise.all(calls), CLOSE_MS, () => undefined);
      await within(Promise.allSettled([pool.end()]), CLOSE_MS, () => undefined);
      callback(null);
    },
  };
}

function openPool({ login }: MysqlPlace): Pool {
  const pool = mysql.createPool({
    ...login,
    connectionLimit: CONNECTIONS,
    maxIdle: 2,
    idleTimeout: 60_000,
    gracefulEnd: true,
    queueLimit: WAITING,
    // An attempt is never given up: the server counts an abandoned handshake against this host.
    connectTimeout: 0,
    keepAliveInitialDelay: 10_000,
    supportBigNumbers: true,
  });
  // The pool drops a connection over its first fault, and each call tells its own.
  pool.on('connection', (connection) => connection.on('error', () => undefined));
  return pool;
}

interface Call {
  readonly place: MysqlPlace;
  readonly limitMs: number;
  /** On the clock of `performance.now()`. */
  readonly endsMs: number;
}

/** A connection that comes after the limit goes back to the pool. */
async function fromPool(pool: Pool, { place, limitMs }: Call): Promise<PoolConnection> {
  const attempt = pool.getConnection();
  try {
    return await within(attempt, limitMs, () => {
      attempt.then(
        (connection) => connection.release(),
        () => undefined,
      );
      throw didNotAnswer(place, limitMs);
    });
  } catch (error) {
    throw toMysqlFault(error, place);
  }
}

async function prepare(session: PoolConnection, call: Call): Promise<void> {
  try {
    for (const setting of SETTINGS) await ask(session, call, setting);
  } catch (error) {
    session.destroy();
    throw error;
  }
}

function limited(session: PoolConnection, call: Call, leave: () => void): MysqlPoolConnection {
  const query = (
    sql: string,
    values: readonly unknown[],
    callback: (error: unknown, result?: QueryResult) => void,
  ) => {
    ask(session, call, sql, values).then(
      (result) => callback(null, result),
      (error) => {
        if (sql !== 'rollback') return callback(error);
        // Without the session the server rolls back by itself; why it came to this is told already.
        session.destroy();
        callback(null);
      },
    );
  };
  return {
    // Kysely calls it without a callback only to stream, and the state is never streamed.
    query: query as unknown as MysqlPoolConnection['query'],
    release: () => {
      session.release();
      leave();
    },
  };
}

/** Rejects as `Unreadable`, among others when the call's time is over; then the session has ended. */
async function ask(
  session: PoolConnection,
  { place, limitMs, endsMs }: Call,
  sql: string,
  values: readonly unknown[] = [],
): Promise<QueryResult> {
  const giveUp = () => {
    // A session that is closed counts against nobody.
    session.destroy();
    throw didNotAnswer(place, limitMs);
  };
  const leftMs = endsMs - performance.now();
  if (leftMs <= 0) return giveUp();
  try {
    const [result] = await within(
      session.query<QueryResult>(sql, values.map(toColumn)),
      leftMs,
      giveUp,
    );
    return result;
  } catch (error) {
    // The statement holds values, which belong into no log.
    if (error instanceof Error) Object.assign(error, { sql: undefined });
    throw toMysqlFault(error, place);
  }
}
