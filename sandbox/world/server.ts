/** The server's process, as the parent controls it: options, start, and root's session. Does I/O. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection } from 'mysql2/promise';
import type { ServerProgram } from '../server/program.ts';
import { QUICK_ARGS } from '../server/template.ts';
import type { Agent } from './agent-line.ts';
import { SERVER_PORT, STDERR_FILE } from './messages.ts';

export interface ServerFiles {
  readonly data: string;
  readonly socket: string;
  readonly errorLog: string;
  readonly stderr: string;
}

export type Query = (
  sql: string,
  values?: readonly unknown[],
) => Promise<Record<string, unknown>[]>;

/** A server that is not up within this time has failed to start. */
const START_LIMIT_MS = 180_000;

export function filesIn(folder: string): ServerFiles {
  return {
    data: join(folder, 'data'),
    socket: join(folder, 'mysqld.sock'),
    errorLog: join(folder, 'error.log'),
    stderr: join(folder, STDERR_FILE),
  };
}

export function serverCommand(
  program: ServerProgram,
  files: ServerFiles,
  args: readonly string[],
): readonly string[] {
  return [
    ...program.command,
    '--no-defaults',
    // It always runs as root, possibly only of its own user namespace.
    '--user=root',
    `--datadir=${files.data}`,
    // At its start, MariaDB removes the temporary tables of other servers in a shared folder.
    `--tmpdir=${dirname(files.data)}`,
    `--socket=${files.socket}`,
    `--pid-file=${files.data}/mysqld.pid`,
    `--log-error=${files.errorLog}`,
    `--port=${SERVER_PORT}`,
    ...program.args,
    ...QUICK_ARGS[program.flavour],
    ...args,
  ];
}

/** Starts the server and waits until root can log in. Rejects with the end of the error log otherwise. */
export async function startServer(
  agent: Agent,
  command: readonly string[],
  files: ServerFiles,
): Promise<void> {
  await agent.order('start', { command });
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await answers(files.socket))) {
    const ended = agent.serverEnded();
    if (ended === null && Date.now() < deadline) {
      await sleep(20);
      continue;
    }
    const logs = [files.stderr, files.errorLog].map((file) =>
      readFile(file, 'utf8').catch(() => 'no error log'),
    );
    const log = (await Promise.all(logs)).join('\n').trim();
    const what = ended ?? `no answer within ${START_LIMIT_MS} ms`;
    throw new Error(`${command.at(0)}: did not start (${what}): ${log.slice(-2000)}`);
  }
}

async function answers(socketPath: string): Promise<boolean> {
  try {
    const connection = await createConnection({ socketPath, user: 'root' });
    await connection.end();
    return true;
  } catch {
    // Any error: the caller tries again until the server is up or has ended.
    return false;
  }
}

/** One session of root@localhost, opened when needed and again after it is lost. */
export function createRoot(socketPath: string): {
  readonly query: Query;
  leave(): void;
} {
  let session: Promise<Connection> | null = null;
  const enter = async () => {
    const connection = await createConnection({
      socketPath,
      user: 'root',
      multipleStatements: true,
      dateStrings: true,
      supportBigNumbers: true,
    });
    connection.on('error', () => {
      session = null;
    });
    return connection;
  };
  const leave = () => {
    void session?.then((connection) => connection.destroy());
    session = null;
  };
  const query: Query = async (sql, values = []) => {
    session ??= enter();
    try {
      const [result, fields] = await (await session).query(sql, [...values]);
      return lastRows(result, fields);
    } catch (error) {
      // This query may have broken the session, so the next one opens its own.
      leave();
      throw error;
    }
  };
  return { query, leave };
}

/** Several statements give several results; only the shape of `fields` shows whether that is so. */
function lastRows(result: unknown, fields: unknown): Record<string, unknown>[] {
  const isSeveral =
    Array.isArray(fields) && fields.some((f) => f === undefined || Array.isArray(f));
  const last: unknown = isSeveral && Array.isArray(result) ? result.at(-1) : result;
  return Array.isArray(last) ? last : [];
}
