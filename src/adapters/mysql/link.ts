// Runs queries on one MySQL server, over one open connection. Does I/O.
import type { ConnectionOptions } from 'mysql2';
import { within } from '../../chat/waiting.ts';
import { labelOf, type MysqlLogin } from '../../hostcache/mysql-login.ts';
import { cut, openConnection } from '../../login/connection.ts';
import { driverOptions } from '../../login/options.ts';
import { answerOf, type Fields, type ToReader, toFields } from './answer.ts';
import { didNotAnswer, isConnectionLost, type Place, toUnreadable } from './faults.ts';

/**
 * One connection that stays open, because a session survives a block of our own address. At most
 * one attempt to connect runs at a time. It is never abandoned, because the server counts an
 * abandoned handshake against the client's host.
 */
export interface Link {
  /** The rows. Rejects as `Unreadable` if the server refuses or does not answer in time. */
  ask(sql: string, values?: readonly unknown[]): Promise<readonly Fields[]>;
  /** The same for many rows; passes each to the reader as it arrives, so none have to be stored. */
  readRows<T>(sql: string, toReader: ToReader<T>, options?: ReadOptions): Promise<T>;
  /** Waits for an attempt to connect. A query sent in the meantime keeps the connection open. */
  close(): Promise<void>;
}

interface ReadOptions {
  readonly values?: readonly unknown[];
  /** Absent = as for the other questions. */
  readonly limitMs?: number;
}

interface Session {
  ask(sql: string, values: readonly unknown[]): Promise<readonly Fields[]>;
  readRows<T>(sql: string, values: readonly unknown[], toReader: ToReader<T>): Promise<T>;
  /** Ends the connection at once. */
  cut(): void;
  /** Lets the server see an ordinary end. */
  leave(): void;
}

interface Question {
  /** Runs the query and resolves the caller's promise. Rejects if no answer came. */
  readonly answer: (session: Session) => Promise<void>;
  readonly reject: (error: unknown) => void;
}

/** The time limit of a query, including the time to connect. */
const ANSWER_LIMIT_MS = 3_000;
/** After this long, the connection counts as dead. Closing a session adds no connect error. */
const STUCK_MS = 30_000;
/** For this long after a failed attempt, queries fail with its error, without a new attempt. */
const RETRY_AFTER_MS = 1_000;

/** The server itself ends slow queries. Placeholders are escaped for sql_mode ''. */
const SESSION_SETTINGS = `SET SESSION time_zone = '+00:00', sql_mode = '', lock_wait_timeout = 2
  /*!50708 , max_execution_time = 9000 */ /*M!100100 , max_statement_time = 9 */`;

export function createLink(name: string, login: MysqlLogin): Link {
  const place: Place = { name, label: labelOf(login) };
  const options = driverOptions(login);
  const waiting: Question[] = [];
  let isBusy = false;
  let session: Promise<Session> | null = null;
  let failure: { readonly error: unknown; readonly atMs: number } | null = null;
  let closing: Promise<void> | null = null;

  async function connected(): Promise<Session> {
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

  function begin(): Promise<Session> {
    const opened = open(options, () => {
      if (session === opened) session = null;
    });
    return opened;
  }

  async function answer(question: Question): Promise<void> {
    const open = await connected();
    // The caller may have given up during the connection attempt.
    if (!waiting.includes(question)) return;
    await within(question.answer(open), STUCK_MS, () => {
      session = null;
      open.cut();
      throw Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
    });
  }

  async function leaveServer(): Promise<void> {
    const open = await session?.catch(() => null);
    if (waiting.length > 0) return;
    session = null;
    open?.leave();
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

  function put<T>(limitMs: number, ask: (session: Session) => Promise<T>): Promise<T> {
    let question: Question;
    const answered = new Promise<T>((resolve, reject) => {
      const answer = async (open: Session) => resolve(await ask(open));
      question = { answer, reject };
      waiting.push(question);
      void work();
    });
    // Ends only the wait for this query; the connection, or the attempt to connect, continues.
    return within(answered, limitMs, () => {
      leave(question);
      throw didNotAnswer(place, limitMs);
    });
  }

  return {
    ask: (sql, values = []) => put(ANSWER_LIMIT_MS, (open) => open.ask(sql, values)),
    readRows: (sql, toReader, { values = [], limitMs = ANSWER_LIMIT_MS } = {}) =>
      put(limitMs, (open) => open.readRows(sql, values, toReader)),
    close: () => {
      closing ??= leaveServer().finally(() => {
        closing = null;
      });
      return closing;
    },
  };
}

async function open(options: ConnectionOptions, onGone: () => void): Promise<Session> {
  const opened = openConnection({ ...options, timezone: 'Z', supportBigNumbers: true });
  const { connection } = opened;
  connection.on('error', onGone);
  connection.on('end', onGone);
  await opened.ready;
  const session: Session = {
    ask: (sql, values) => answerOf(opened, { sql, values: [...values] }, toFields),
    // Most times are never looked at, so they stay texts.
    readRows: (sql, values, toReader) =>
      answerOf(opened, { sql, values: [...values], dateStrings: true }, toReader),
    cut: () => cut(connection),
    leave: () => connection.destroy(),
  };
  await session.ask(SESSION_SETTINGS, []);
  return session;
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
