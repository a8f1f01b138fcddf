// The flush account: its grants, and one connection for each flush. Does I/O.
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { within } from '../../chat/waiting.ts';
import type { Flusher, FlushResult, FlushSession, Permission } from '../../flush/flusher.ts';
import { labelOf, type MysqlLogin } from '../../hostcache/mysql-login.ts';
import { type Release, releaseOf } from '../../hostcache/release.ts';
import type { ServerSettings } from '../../hostcache/settings.ts';
import { openConnection } from '../../login/connection.ts';
import { driverOptions } from '../../login/options.ts';
import { readAccount, readGrants } from './account-grants.ts';
import { didNotAnswer, isSaidByServer, type Place, toUnreadable } from './faults.ts';
import { grantOf, judgeGrants } from './grants.ts';
import { readIdentity } from './identity.ts';
import { readSettings } from './settings.ts';

/** Limit for connecting and for each query. */
const ANSWER_LIMIT_MS = 10_000;
/** Bytes of all answers: settings, grants, and what identifies the server. */
const ANSWERS_LIMIT = 4 * 1024 * 1024;
/** Limit for how long the statement waits for a lock. */
const LOCK_WAIT_S = 5;

export function createFlusher(options: {
  readonly name: string;
  readonly login: MysqlLogin;
  /** The reading account, which must be a different one. */
  readonly readLogin?: MysqlLogin;
}): Flusher {
  const { login, readLogin } = options;
  const place: Place = { name: options.name, label: labelOf(login) };
  const isReader = readLogin?.user === login.user;
  return {
    mayFlush: () => withConnection(login, place, isReader ? refuseReader : readPermission),
    open: async () => createSession(await connect(login, place), place),
  };
}

/** Revoking the excess privileges would break the reading account, so this asks for a second account. */
async function refuseReader(connection: Connection, place: Place): Promise<Permission> {
  const { flush } = releaseOf(await settingsOf(connection, place));
  const account = "'hostcache_flush'@'<address of the bot>'";
  return {
    kind: 'off',
    why: 'MYSQL_URL and MYSQL_FLUSH_URL name the same account, and the reading account must not be able to flush; create a flush account and set MYSQL_FLUSH_URL to it',
    statements: [`CREATE USER ${account} IDENTIFIED BY '…';`, grantOf({ flush, account })],
  };
}

async function readPermission(connection: Connection, place: Place): Promise<Permission> {
  const settings = await settingsOf(connection, place);
  const ask = async (sql: string) => {
    const [rows] = await connection.query<RowDataPacket[][]>({ sql, rowsAsArray: true });
    // A statement without rows returns a header instead of an array.
    return Array.isArray(rows) ? rows : [];
  };
  const account = await readAccount(ask);
  const { flush } = releaseOf(settings);
  return judgeGrants(await readGrants(ask, settings), { flush, account });
}

/** The settings of the server behind this connection. */
function settingsOf(connection: Connection, { name }: Place): Promise<ServerSettings> {
  return readSettings(async (sql) => (await connection.query<RowDataPacket[]>(sql))[0], name);
}

function createSession(connection: Connection, place: Place): FlushSession {
  const ask = async (sql: string) =>
    (await inTime(connection.query<RowDataPacket[]>(sql), place))[0];
  return {
    mayFlush: () => inTime(readPermission(connection, place), place),
    identity: () => readIdentity(ask, place.name),
    flush: (approved) => flushOnce(connection, place, approved),
    close: () => connection.destroy(),
  };
}

/** An error reported by the server means that nothing ran; after any other error it is unknown. */
async function flushOnce(
  connection: Connection,
  place: Place,
  approved: string,
): Promise<FlushResult> {
  let release: Release;
  try {
    await inTime(connection.query(`SET SESSION lock_wait_timeout = ${LOCK_WAIT_S}`), place);
    release = releaseOf(await inTime(settingsOf(connection, place), place));
    // DROP may be granted through a role that is not a default role.
    if (release.roles === 'all at once') await inTime(connection.query('SET ROLE ALL'), place);
  } catch (error) {
    return { kind: 'failed', why: reason(error) };
  }
  const { sql } = release.flush;
  if (sql !== approved) return { kind: 'failed', why: `the server is now flushed by ${sql}` };
  try {
    await inTime(connection.query(sql), place);
    return { kind: 'flushed' };
  } catch (error) {
    return { kind: isSaidByServer(error) ? 'failed' : 'uncertain', why: reason(error) };
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function withConnection<T>(
  login: MysqlLogin,
  place: Place,
  work: (connection: Connection, place: Place) => Promise<T>,
): Promise<T> {
  const connection = await connect(login, place);
  try {
    return await inTime(work(connection, place), place);
  } finally {
    connection.destroy();
  }
}

async function connect(login: MysqlLogin, place: Place): Promise<Connection> {
  const { connection, ready } = openConnection(
    { ...driverOptions(login), timezone: 'Z' },
    ANSWERS_LIMIT,
  );
  try {
    await inTime(ready, place);
    // If an idle connection ends, the next query reports it.
    return connection.promise();
  } catch (error) {
    // A pending attempt is closed after it ends: aborting it would count as a connect error against us.
    ready.then(
      () => connection.destroy(),
      () => undefined,
    );
    throw error;
  }
}

/** Rejects as `Unreadable`. */
async function inTime<T>(asked: Promise<T>, place: Place): Promise<T> {
  try {
    return await within(asked, ANSWER_LIMIT_MS, () => {
      throw didNotAnswer(place, ANSWER_LIMIT_MS);
    });
  } catch (error) {
    throw toUnreadable(error, place);
  }
}
