// Asks the MySQL server that holds the state: sessions from a bounded pool, each with its time limit.
import mysql, { type Pool, type PoolConnection, type QueryResult } from 'mysql2';
import { toMysqlFault } from './faults.ts';
import { didNotAnswer, fault, type MysqlPlace } from './place.ts';

export interface Sessions {
  /** A session for one call. Rejects as `Unreadable`. */
  enter(): Promise<Session>;
  /** Waits a little for those that are in use. */
  close(): Promise<void>;
}

export interface Session {
  /** Rejects as `Unreadable`, among others when the call's time is over; then the session has ended. */
  ask(sql: string, values?: readonly unknown[]): Promise<QueryResult>;
  /** Ends it; what it had not committed is undone. */
  breakOff(): void;
  leave(): void;
}

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

/** Each call has `limitMs`, waiting for a connection included. */
export function createSessions(place: MysqlPlace, limitMs: number): Sessions {
  const prepared = new WeakSet<PoolConnection>();
  const inUse = new Set<object>();
  let whenUnused = () => {};
  let pool: Pool | null = null;

  function leave(call: object): void {
    inUse.delete(call);
    if (inUse.size === 0) whenUnused();
  }

  async function begin(call: object): Promise<Session> {
    const endsMs = performance.now() + limitMs;
    pool ??= openPool(place);
    const connection = await fromPool(pool, place, limitMs);
    const session: Session = {
      ask: (sql, values = []) => ask({ connection, endsMs, place, limitMs }, sql, values),
      breakOff: () => connection.destroy(),
      leave: () => {
        connection.release();
        leave(call);
      },
    };
    if (!prepared.has(connection)) await prepare(session);
    prepared.add(connection);
    return session;
  }

  return {
    enter: async () => {
      const call = {};
      inUse.add(call);
      try {
        return await begin(call);
      } catch (error) {
        leave(call);
        throw error;
      }
    },
    close: async () => {
      if (pool === null) return;
      await within(CLOSE_MS, (done) => {
        whenUnused = done;
        if (inUse.size === 0) done();
      });
      await within(CLOSE_MS, (done) => pool?.end(done));
    },
  };
}

function openPool({ login }: MysqlPlace): Pool {
  try {
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
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw fault(`${error.message}; check ssl in it`, error);
  }
}

/** A connection that comes after the limit goes back to the pool. */
function fromPool(pool: Pool, place: MysqlPlace, limitMs: number): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      reject(didNotAnswer(place, limitMs));
    }, limitMs);
    pool.getConnection((error, connection) => {
      clearTimeout(timer);
      if (error !== null) reject(toMysqlFault(error, place));
      else if (isOver) connection.release();
      else resolve(connection);
    });
  });
}

async function prepare(session: Session): Promise<void> {
  try {
    for (const setting of SETTINGS) await session.ask(setting);
  } catch (error) {
    session.breakOff();
    throw error;
  }
}

interface Asked {
  readonly connection: PoolConnection;
  /** On the clock of `performance.now()`. */
  readonly endsMs: number;
  readonly place: MysqlPlace;
  readonly limitMs: number;
}

function ask(
  { connection, endsMs, place, limitMs }: Asked,
  sql: string,
  values: readonly unknown[],
): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      // A session that is closed counts against nobody.
      connection.destroy();
      reject(didNotAnswer(place, limitMs));
    };
    const leftMs = endsMs - performance.now();
    if (leftMs <= 0) return giveUp();
    const timer = setTimeout(giveUp, leftMs);
    connection.query<QueryResult>(sql, [...values], (error, result) => {
      clearTimeout(timer);
      if (error === null) resolve(result);
      // The statement holds values, which belong into no log.
      else reject(toMysqlFault(Object.assign(error, { sql: undefined }), place));
    });
  });
}

/** Resolves when `work` calls `done`, and at the latest after the limit. */
function within(limitMs: number, work: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    work(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
