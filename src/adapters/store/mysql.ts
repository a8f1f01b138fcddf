// Asks the MySQL server that holds the state, as Kysely wants it.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { QueryResult as Result } from 'mysql2';
import { createSessions, type Session } from './mysql-sessions.ts';
import type { MysqlPlace } from './place.ts';

/** Each call may take `limitMs`, waiting for a connection included. */
export function createMysqlDialect(place: MysqlPlace, limitMs: number): Dialect {
  return {
    createDriver: () => createDriver(place, limitMs),
    createQueryCompiler: () => new MysqlQueryCompiler(),
    createAdapter: () => new MysqlAdapter(),
    createIntrospector: (db) => new MysqlIntrospector(db),
  };
}

function createDriver(place: MysqlPlace, limitMs: number): Driver {
  const sessions = createSessions(place, limitMs);
  const taken = new WeakMap<DatabaseConnection, Session>();
  const sessionOf = (connection: DatabaseConnection): Session => {
    const session = taken.get(connection);
    if (session === undefined) throw new Error('a connection of another driver');
    return session;
  };
  return {
    init: async () => undefined,
    acquireConnection: async () => {
      const session = await sessions.enter();
      const connection = createConnection(session);
      taken.set(connection, session);
      return connection;
    },
    beginTransaction: async (connection) => void (await sessionOf(connection).ask('begin')),
    commitTransaction: async (connection) => void (await sessionOf(connection).ask('commit')),
    rollbackTransaction: async (connection) => {
      try {
        await sessionOf(connection).ask('rollback');
      } catch {
        // Without the session the server rolls back by itself; why it came to this is told already.
        sessionOf(connection).breakOff();
      }
    },
    releaseConnection: async (connection) => sessionOf(connection).leave(),
    destroy: sessions.close,
  };
}

function createConnection(session: Session): DatabaseConnection {
  return {
    executeQuery: async <R>({ sql, parameters }: CompiledQuery) =>
      toResult<R>(await session.ask(sql, parameters)),
    streamQuery: () => {
      throw new Error('the state is never streamed');
    },
  };
}

function toResult<R>(result: Result): QueryResult<R> {
  // Kysely has derived R from the columns that it selected.
  if (Array.isArray(result)) return { rows: result as unknown[] as R[] };
  return { rows: [], numAffectedRows: BigInt(result.affectedRows) };
}
