/** The first process inside the namespaces: runs the server and its clients, and ends them with its parent. Does I/O. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { openDnsDoor } from '../dns.ts';
import { breakHandshake } from './broken-handshake.ts';
import { attempt, dial, logIn } from './client.ts';
import {
  DOOR_SOCKET,
  type FromAgent,
  type Greeting,
  type OrderName,
  type Orders,
  type Signal,
  STDERR_FILE,
  type ToAgent,
} from './messages.ts';
import { plainAttempt } from './plain-login.ts';
import { fallSilent } from './stuck-handshake.ts';

type Answers = {
  [Name in OrderName]: (order: Orders[Name]['order']) => Promise<Orders[Name]['answer']>;
};

const [folder = '', withDns] = process.argv.slice(2);
const held = new Map<number, Connection | Socket>();
const openQuestions = new Map<number, (message: Buffer | null) => void>();
let server: ChildProcess | null = null;
let lastId = 0;

const answers: Answers = {
  start: async ({ command }) => {
    startServer(command);
    return null;
  },
  signal: async ({ signal }) => {
    server?.kill(signal);
    return null;
  },
  stop: async () => {
    await stopServer();
    return null;
  },
  connect: ({ address, login }) =>
    login.isPlain === true ? plainAttempt(address, login) : attempt(address, login),
  open: async ({ address, login }) => {
    const { connection, result } = await logIn(address, login);
    if (connection !== null) held.set(++lastId, connection);
    // A test may let the server kill the session.
    connection?.on('error', () => undefined);
    return { held: lastId, attempt: result };
  },
  hang: async ({ address, at }) => {
    const { socket, greeting } = await fallSilent(address, at);
    held.set(++lastId, socket);
    return { held: lastId, greeting };
  },
  query: async ({ held: id, sql }) => {
    const session = held.get(id);
    if (session === undefined || !('query' in session)) throw new Error(`No session ${id}`);
    const [rows] = await session.query<RowDataPacket[]>(sql);
    return rows;
  },
  release: async ({ held: id, reset }) => {
    const client = held.get(id);
    held.delete(id);
    if (client === undefined) return null;
    if ('query' in client) await (reset ? client.destroy() : client.end());
    else if (reset) client.resetAndDestroy();
    else client.end();
    return null;
  },
  breakHandshake: async ({ address, times, breakWith }) => {
    const greetings: Greeting[] = [];
    for (let i = 0; i < times; i++) greetings.push(await breakHandshake(address, breakWith));
    return greetings;
  },
};

function startServer(command: readonly string[]): void {
  const [program = '', ...args] = command;
  const stderr = openSync(join(folder, STDERR_FILE), 'a');
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', stderr],
    cwd: folder,
    // Not the whole environment: the resolver reads RES_OPTIONS and LOCALDOMAIN, which change the answers.
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: process.env['TZ'] },
  });
  closeSync(stderr);
  server = child;
  child.once('error', (error) => send({ kind: 'server-ended', how: error.message }));
  child.once('exit', (code, signal) => {
    if (server === child) server = null;
    send({ kind: 'server-ended', how: `${signal ?? `exit code ${code}`}` });
  });
}

/** Stops the server, even after a SIGSTOP; kills it if it does not end in time. */
async function stopServer(): Promise<void> {
  const child = server;
  if (child === null) return;
  const ended = once(child, 'exit');
  const signals: readonly Signal[] = ['SIGTERM', 'SIGCONT'];
  for (const signal of signals) child.kill(signal);
  const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(impatience);
}

/** Accepts connections from outside. Their first line is the source address to use; the rest goes to the server. */
async function openDoor(): Promise<void> {
  const door = createServer({ allowHalfOpen: true }, (outside) => {
    outside.on('error', () => undefined);
    outside.once('data', (chunk: Buffer) => {
      const end = chunk.indexOf('\n');
      const inside = dial(chunk.subarray(0, end).toString());
      inside.once('close', () => outside.destroy());
      outside.once('close', () => inside.destroy());
      inside.write(chunk.subarray(end + 1));
      outside.pipe(inside).pipe(outside);
    });
  });
  door.listen(join(folder, DOOR_SOCKET));
  await once(door, 'listening');
}

async function openDns(): Promise<void> {
  await openDnsDoor('127.0.0.53', 53, (message, transport) => {
    const id = ++lastId;
    send({ kind: 'dns-question', id, message, transport });
    return new Promise((resolve) => openQuestions.set(id, resolve));
  });
}

function send(message: FromAgent): void {
  if (process.connected) process.send?.(message);
}

function receive(message: ToAgent): void {
  switch (message.kind) {
    case 'dns-reply':
      openQuestions.get(message.id)?.(message.message && Buffer.from(message.message));
      openQuestions.delete(message.id);
      return;
    case 'order': {
      // The name and the order belong to the same union member, which an index access loses.
      const run = answers[message.name] as (order: unknown) => Promise<unknown>;
      run(message.order).then(
        (answer) => send({ kind: 'answer', id: message.id, answer }),
        (error: unknown) => send({ kind: 'failure', id: message.id, message: String(error) }),
      );
      return;
    }
  }
}

/** Ends this process. The kernel then ends all others in its PID namespace. */
function leave(): never {
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  process.exit();
}

process.once('disconnect', leave);
process.on('message', receive);
await Promise.all([openDoor(), withDns === 'dns' ? openDns() : null]);
if (!process.connected) leave();
send({ kind: 'ready' });
