// The account that may flush: its grants, and one connection for each flush.
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { within } from '../../chat/waiting.ts';
import type { Flusher, FlushResult, FlushSession, Permission } from '../../flush/flusher.ts';
import { labelOf, type MysqlLogin } from '../../hostcache/mysql-login.ts';
import { type Release, releaseOf } from '../../hostcache/release.ts';
import type { ServerSettings } from '../../hostcache/settings.ts';
import { readAccount, readGrants } from './account-grants.ts';
import { didNotAnswer, isSaidByServer, type Place, toUnreadable } from './faults.ts';
import { grantOf, judgeGrants } from './grants.ts';
import { readIdentity } from './identity.ts';
import { readSettings } from './settings.ts';

/** Connecting and each question; the statement itself waits at most so long for a lock. */
const ANSWER_LIMIT_MS = 10_000;
const LOCK_WAIT_S = 5;

export function createFlusher(options: {
  readonly name: string;
  readonly login: MysqlLogin;
  /** Of the reading account, which must be another one. */
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

/** The statements that mend an excess would take its rights from the account that reads. */
async function refuseReader(connection: Connection, place: Place): Promise<Permission> {
  const { flush } = releaseOf(await settingsOf(connection, place));
  const account = "'hostcache_flush'@'<address of the bot>'";
  return {
    kind: 'off',
    why: 'MYSQL_URL and MYSQL_FLUSH_URL name the same account, and what reads must not be able to flush; make one of its own, and name it in MYSQL_FLUSH_URL',
    statements: [`CREATE USER ${account} IDENTIFIED BY '…';`, grantOf({ flush, account })],
  };
}

async function readPermission(connection: Connection, place: Place): Promise<Permission> {
  const settings = await settingsOf(connection, place);
  const ask = async (sql: string) => {
    const [rows] = await connection.query<RowDataPacket[][]>({ sql, rowsAsArray: true });
    // A statement that gives no rows is answered by a header.
    return Array.isArray(rows) ? rows : [];
  };
  const account = await readAccount(ask);
  const { flush } = releaseOf(settings);
  return judgeGrants(await readGrants(ask, settings), { flush, account });
}

/** Of the server that this very connection leads to. */
function settingsOf(connection: Connection, { name }: Place): Promise<ServerSettings> {
  return readSettings(async (sql) => (await connection.query<RowDataPacket[]>(sql))[0], name);
}

function createSession(connection: Connection, place: Place): FlushSession {
  const ask = async (sql: string) =>
    (await inTime(connection.query<RowDataPacket[]>(sql), place))[0];
  return {
    mayFlush: () => inTime(readPermission(connection, place), place),
    identity: () => readIdentity(ask),
    flush: () => flushOnce(connection, place),
    close: () => connection.destroy(),
  };
}

/** The server's own word that it failed is certain; anything else may have been too late to stop it. */
async function flushOnce(connection: Connection, place: Place): Promise<FlushResult> {
  let release: Release;
  try {
    await inTime(connection.query(`SET SESSION lock_wait_timeout = ${LOCK_WAIT_S}`), place);
    release = releaseOf(await inTime(settingsOf(connection, place), place));
    // DROP may come by a role that is no default one.
    if (release.roles === 'all at once') await inTime(connection.query('SET ROLE ALL'), place);
  } catch (error) {
    return { kind: 'failed', why: reason(error) };
  }
  try {
    await inTime(connection.query(release.flush.sql), place);
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
  const attempt = mysql.createConnection({ ...login, connectTimeout: 0, timezone: 'Z' });
  try {
    const connection = await inTime(attempt, place);
    // A connection that ends while nobody asks is told at the next question.
    connection.on('error', () => undefined);
    return connection;
  } catch (error) {
    // An attempt that is still under way is closed when it ends, not broken off: that would count against us.
    attempt.then(
      (late) => late.destroy(),
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
