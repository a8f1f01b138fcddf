// Stores the state in MySQL: Kysely over a bounded pool, with a time limit per call. Does I/O.
import { type Dialect, MysqlDialect, type MysqlPool, type MysqlPoolConnection } from 'kysely';
import mysql, { type Pool, type PoolConnection, type QueryResult } from 'mysql2/promise';
import { within } from '../../chat/waiting.ts';
import { ANSWER_LIMIT, watch } from '../../login/connection.ts';
import { driverOptions } from '../../login/options.ts';
import { toColumn } from './columns.ts';
import { toMysqlFault } from './faults.ts';
import { didNotAnswer, type MysqlPlace } from './place.ts';

const CONNECTIONS = 8;
/** If more calls than this wait for a connection, further calls fail at once. */
const WAITING = 1000;
const CLOSE_MS = 1000;

/**
 * READ COMMITTED avoids gap locks. Placeholders are escaped for this sql_mode. The lock timeouts
 * are shorter than a call's limit, so the server can report what it waited for.
 */
const SETTINGS = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES', innodb_lock_wait_timeout = 3, lock_wait_timeout = 3",
];

/** Each call may take `limitMs`, including the wait for a connection. Rejects as `Unreadable`. */
export function createMysqlDialect(place: MysqlPlace, limitMs: number): Dialect {
  return new MysqlDialect({ pool: async () => createPool(place, limitMs) });
}

/** mysql2's pool with the interface that Kysely expects. */
function createPool(place: MysqlPlace, limitMs: number): MysqlPool {
  const pool = openPool(place);
  const prepared = new WeakSet<object>();
  const calls = new Set<Promise<void>>();

  async function enter(leave: () => void): Promise<MysqlPoolConnection> {
    const call: Call = { place, limitMs, endsMs: performance.now() + limitMs };
    const session = await fromPool(pool, call);
    // The pool wraps the connection in a new object each time.
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
            // Kysely only looks at the error.
            callback(error, undefined as never);
          },
        );
      });
      calls.add(left);
      void left.then(() => calls.delete(left));
    },
    /** Waits up to `CLOSE_MS` for running calls. */
    end: async (callback) => {
      await within(Promise.all(calls), CLOSE_MS, () => undefined);
      await within(Promise.allSettled([pool.end()]), CLOSE_MS, () => undefined);
      callback(null);
    },
  };
}

function openPool({ login }: MysqlPlace): Pool {
  const pool = mysql.createPool({
    ...driverOptions(login),
    connectionLimit: CONNECTIONS,
    maxIdle: 2,
    idleTimeout: 60_000,
    gracefulEnd: true,
    queueLimit: WAITING,
    supportBigNumbers: true,
  });
  // The pool drops a connection at its first error, and each call reports its own error.
  pool.on('connection', (connection) =>
    allowing.set(connection, watch(connection, ANSWER_LIMIT).allow),
  );
  return pool;
}

/** Starts the count of an answer's bytes, by connection. */
const allowing = new WeakMap<object, (bytes: number) => void>();

interface Call {
  readonly place: MysqlPlace;
  readonly limitMs: number;
  /** On the clock of `performance.now()`. */
  readonly endsMs: number;
}

/** Takes a connection from the pool. One that arrives after the limit goes back to the pool. */
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
        // Without a session the server rolls back. The error that led here was already reported.
        session.destroy();
        callback(null);
      },
    );
  };
  return {
    // Kysely only omits the callback to stream, and the state is never streamed.
    query: query as unknown as MysqlPoolConnection['query'],
    release: () => {
      session.release();
      leave();
    },
  };
}

/** Rejects as `Unreadable`. If the call's time is over, it also closes the session. */
async function ask(
  session: PoolConnection,
  { place, limitMs, endsMs }: Call,
  sql: string,
  values: readonly unknown[] = [],
): Promise<QueryResult> {
  const giveUp = () => {
    // Closing a session adds no connect error.
    session.destroy();
    throw didNotAnswer(place, limitMs);
  };
  const leftMs = endsMs - performance.now();
  if (leftMs <= 0) return giveUp();
  allowing.get(session.connection)?.(ANSWER_LIMIT);
  try {
    const [result] = await within(
      session.query<QueryResult>(sql, values.map(toColumn)),
      leftMs,
      giveUp,
    );
    return result;
  } catch (error) {
    // The statement contains values, which must not be logged.
    if (error instanceof Error) Object.assign(error, { sql: undefined });
    throw toMysqlFault(error, place);
  }
}
