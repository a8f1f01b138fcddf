// Asks one MySQL server over one warm connection.
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { didNotAnswer, isConnectionLost, type Place, toUnreadable } from './faults.ts';
import type { Target } from './url.ts';

/**
 * One connection, kept open: a session outlives a block of our own address. At most one attempt to
 * connect is under way, and it is never given up by us: the server counts an abandoned handshake
 * against the host that abandons it.
 */
export interface Link {
  readonly place: Place;
  /** The rows; rejects as `Unreadable` when the server refuses, or does not answer in time. */
  ask(sql: string, values?: readonly unknown[]): Promise<readonly Fields[]>;
  /** The same for many rows: arrays, which cost half of what objects cost. */
  askTable(sql: string, limitMs: number): Promise<Table>;
  /** Waits for an attempt to connect; whoever asks meanwhile keeps the connection. */
  close(): Promise<void>;
}

/** One row, by column name. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

interface Question {
  readonly sql: string;
  readonly values: readonly unknown[];
  readonly timer: NodeJS.Timeout;
  readonly resolve: (table: Table) => void;
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

export function createLink(name: string, target: Target): Link {
  const place: Place = { name, label: target.label };
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
    const mine = open(target, () => {
      if (session === mine) session = null;
    });
    return mine;
  }

  async function answer(question: Question): Promise<Table> {
    const connection = await connected();
    // Whoever asked may have given up while the connection was made.
    if (!waiting.includes(question)) return NO_ROWS;
    return query(connection, question, () => {
      session = null;
      connection.destroy();
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
        question.resolve(await retryOnce(() => answer(question)));
      } catch (error) {
        question.reject(toUnreadable(error, place));
      }
      leave(question);
    }
    isBusy = false;
  }

  function leave(question: Question): void {
    clearTimeout(question.timer);
    const at = waiting.indexOf(question);
    if (at >= 0) waiting.splice(at, 1);
  }

  function put(sql: string, values: readonly unknown[], limitMs: number): Promise<Table> {
    return new Promise((resolve, reject) => {
      // Ends the wait of this question; the connection, and an attempt to make one, go on.
      const timer = setTimeout(() => {
        reject(didNotAnswer(place, limitMs));
        leave(question);
      }, limitMs);
      const question: Question = { sql, values, timer, resolve, reject };
      waiting.push(question);
      void work();
    });
  }

  return {
    place,
    ask: async (sql, values = []) => toFields(await put(sql, values, ANSWER_LIMIT_MS)),
    askTable: (sql, limitMs) => put(sql, [], limitMs),
    close: () => {
      closing ??= leaveServer().finally(() => {
        closing = null;
      });
      return closing;
    },
  };
}

async function open(target: Target, onGone: () => void): Promise<Connection> {
  const connection = await mysql.createConnection({
    ...target.options,
    connectTimeout: 0,
    keepAliveInitialDelay: 10_000,
    timezone: 'Z',
    supportBigNumbers: true,
  });
  connection.on('error', onGone);
  connection.on('end', onGone);
  await connection.query(SESSION_SETTINGS);
  return connection;
}

async function query(
  connection: Connection,
  { sql, values }: Question,
  giveUp: () => void,
): Promise<Table> {
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUp();
      reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
    }, STUCK_MS);
    timer.unref();
  });
  try {
    const asked = connection.query<RowDataPacket[][]>({
      sql,
      values: [...values],
      rowsAsArray: true,
    });
    const [rows, fields] = await Promise.race([asked, stuck]);
    return { columns: fields.map(({ name }) => name), rows };
  } finally {
    clearTimeout(timer);
  }
}

const NO_ROWS: Table = { columns: [], rows: [] };

function toFields({ columns, rows }: Table): readonly Fields[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
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
