// Asks one MySQL server over one warm connection.
import mysql, { type Connection, type FieldPacket, type RowDataPacket } from 'mysql2';
import { within } from '../../chat/waiting.ts';
import { labelOf, type MysqlLogin } from '../../hostcache/mysql-login.ts';
import { didNotAnswer, isConnectionLost, type Place, toUnreadable } from './faults.ts';

/**
 * One connection, kept open: a session outlives a block of our own address. At most one attempt to
 * connect is under way, and it is never given up by us: the server counts an abandoned handshake
 * against the host that abandons it.
 */
export interface Link {
  readonly place: Place;
  /** The rows; rejects as `Unreadable` when the server refuses, or does not answer in time. */
  ask(sql: string, values?: readonly unknown[]): Promise<readonly Fields[]>;
  /** The same for many rows, each handed over as it comes, so that none need be kept. */
  readRows<T>(sql: string, limitMs: number, toReader: ToReader<T>): Promise<T>;
  /** Waits for an attempt to connect; whoever asks meanwhile keeps the connection. */
  close(): Promise<void>;
}

/** One row, by column name. */
export type Fields = Readonly<Record<string, unknown>>;

/** Called with the names of the columns, anew where a question is asked again. */
export type ToReader<T> = (columns: readonly string[]) => RowReader<T>;

/** Rows are arrays, which cost half of what objects cost. */
export interface RowReader<T> {
  add(row: readonly unknown[]): void;
  end(): T;
}

interface Question {
  /** Asks, and tells whoever waits; rejects where no answer came. */
  readonly answer: (connection: Connection) => Promise<void>;
  readonly reject: (error: unknown) => void;
}

/** A question waits so long for its answer, connecting included. */
const ANSWER_LIMIT_MS = 3_000;
/** A query so long overdue sits on a dead connection; closing a session counts against nobody. */
const STUCK_MS = 30_000;
/** After a failed attempt the failure is told again for so long, instead of knocking at each question. */
const RETRY_AFTER_MS = 1_000;

/** The server ends a slow query by itself, and the connection stays. Placeholders are escaped for sql_mode ''. */
const SESSION_SETTINGS = `SET SESSION time_zone = '+00:00', sql_mode = '', lock_wait_timeout = 2
  /*!50708 , max_execution_time = 9000 */ /*M!100100 , max_statement_time = 9 */`;

export function createLink(name: string, login: MysqlLogin): Link {
  const place: Place = { name, label: labelOf(login) };
  const waiting: Question[] = [];
  let isBusy = false;
  let session: Promise<Connection> | null = null;
  let failure: { readonly error: unknown; readonly atMs: number } | null = null;
  let closing: Promise<void> | null = null;

  async function connected(): Promise<Connection> {
    if (failure !== null && performance.now() - failure.atMs < RETRY_AFTER_MS) throw failure.error;
    session ??= begin();
    try {
      return await session;
    } catch (error) {
      session = null;
      failure = { error, atMs: performance.now() };
      throw error;
    }
  }

  function begin(): Promise<Connection> {
    const mine = open(login, () => {
      if (session === mine) session = null;
    });
    return mine;
  }

  async function answer(question: Question): Promise<void> {
    const connection = await connected();
    // Whoever asked may have given up while the connection was made.
    if (!waiting.includes(question)) return;
    await within(question.answer(connection), STUCK_MS, () => {
      session = null;
      connection.destroy();
      throw Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
    });
  }

  async function leaveServer(): Promise<void> {
    const open = await session?.catch(() => null);
    if (waiting.length > 0) return;
    session = null;
    open?.destroy();
  }

  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let question = waiting[0]; question !== undefined; question = waiting[0]) {
      try {
        await retryOnce(() => answer(question));
      } catch (error) {
        question.reject(toUnreadable(error, place));
      }
      leave(question);
    }
    isBusy = false;
  }

  function leave(question: Question): void {
    const at = waiting.indexOf(question);
    if (at >= 0) waiting.splice(at, 1);
  }

  function put<T>(limitMs: number, ask: (connection: Connection) => Promise<T>): Promise<T> {
    let question: Question;
    const answered = new Promise<T>((resolve, reject) => {
      const answer = async (connection: Connection) => resolve(await ask(connection));
      question = { answer, reject };
      waiting.push(question);
      void work();
    });
    // Ends the wait of this question; the connection, and an attempt to make one, go on.
    return within(answered, limitMs, () => {
      leave(question);
      throw didNotAnswer(place, limitMs);
    });
  }

  return {
    place,
    ask: (sql, values = []) =>
      put(ANSWER_LIMIT_MS, async (connection) => {
        const [rows] = await connection.promise().query<RowDataPacket[]>(sql, [...values]);
        // A SET has none.
        return Array.isArray(rows) ? rows : [];
      }),
    readRows: (sql, limitMs, toReader) =>
      put(limitMs, (connection) => readRows(connection, sql, toReader)),
    close: () => {
      closing ??= leaveServer().finally(() => {
        closing = null;
      });
      return closing;
    },
  };
}

async function open(login: MysqlLogin, onGone: () => void): Promise<Connection> {
  const connection = mysql.createConnection({
    ...login,
    connectTimeout: 0,
    keepAliveInitialDelay: 10_000,
    timezone: 'Z',
    supportBigNumbers: true,
  });
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error === null ? resolve() : reject(error)));
  });
  connection.on('error', onGone);
  connection.on('end', onGone);
  await connection.promise().query(SESSION_SETTINGS);
  return connection;
}

async function readRows<T>(connection: Connection, sql: string, toReader: ToReader<T>): Promise<T> {
  let reader: RowReader<T> | undefined;
  await new Promise((resolve, reject) => {
    connection
      .query<RowDataPacket[][]>({ sql, rowsAsArray: true })
      .on('fields', (fields: readonly FieldPacket[]) => {
        reader = toReader(fields.map(({ name }) => name));
      })
      .on('result', (row: readonly unknown[]) => reader?.add(row))
      .on('error', reject)
      .on('end', resolve);
  });
  if (reader === undefined) throw new Error('a question for rows was answered without columns');
  return reader.end();
}

/** A warm connection may have been closed since it was last used (wait_timeout, a restart). */
async function retryOnce<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    return task();
  }
}
