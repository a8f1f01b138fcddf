/** Clients that break off a connection before login, each in its own way. Does I/O. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as startTls } from 'node:tls';
import { createConnection, type SslOptions } from 'mysql2/promise';
import { dial, greet, TIMEOUT_MS } from './client.ts';
import type { BreakWith, Greeting } from './messages.ts';
import { COM_QUIT, GARBAGE, type HaproxyCheck, haproxyPackets, packet } from './probers.ts';

/** For clients that do not read the greeting. */
const UNGREETED: Greeting = { outcome: 'closed', reason: 'before the greeting' };

/** Resolves when the server has closed its side, so it has counted the error. With `rst` it cannot wait for that. */
export async function breakHandshake(address: string, breakWith: BreakWith): Promise<Greeting> {
  const early = EARLY[breakWith];
  if (early !== undefined) {
    const socket = dial(address);
    await once(socket, 'connect');
    early(socket);
    await closed(socket);
    return UNGREETED;
  }
  const tls = TLS[breakWith];
  if (tls !== undefined) {
    await failTls(dial(address), tls);
    return { outcome: 'greeted' };
  }
  const { socket, greeting } = await greet(address);
  if (socket.destroyed) return greeting;
  LATE[breakWith]?.(socket);
  await closed(socket);
  return greeting;
}

/** Not once(): a server that closes with unread bytes sends a reset, which counts as a close here. */
async function closed(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  const end = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
  await end;
}

type Gestures = Readonly<Partial<Record<BreakWith, (socket: Socket) => void>>>;

const EARLY: Gestures = {
  'fin-at-once': (socket) => socket.end(),
  'rst-at-once': (socket) => socket.resetAndDestroy(),
  // The server's greeting is not TLS, so the client gives up.
  tls: (socket) => startTls({ socket, rejectUnauthorized: false }).on('error', () => undefined),
  'haproxy-pre-41': (socket) => checkAsHaproxy(socket, 'pre-41'),
  'haproxy-post-41': (socket) => checkAsHaproxy(socket, 'post-41'),
  'haproxy-post-80': (socket) => checkAsHaproxy(socket, 'post-80'),
};

const LATE: Gestures = {
  fin: (socket) => socket.end(),
  rst: (socket) => socket.resetAndDestroy(),
  http: (socket) => socket.write('GET / HTTP/1.1\r\nHost: db\r\n\r\n'),
  quit: (socket) => socket.write(packet(1, Buffer.of(COM_QUIT))),
  lines: (socket) => socket.write(GARBAGE.lines, () => socket.end()),
  bytes: (socket) => socket.write(GARBAGE.bytes, () => socket.end()),
  'bad-login': (socket) => socket.write(GARBAGE.long),
  silence: () => undefined,
  // No account has this plugin, so the server asks for the account's own.
  'auth-switch': (socket) => logInAndLeave(socket, 'an_old_plugin'),
  'full-auth': (socket) => logInAndLeave(socket, 'caching_sha2_password'),
  'old-protocol': (socket) => logInAndLeave(socket, null),
};

/** The server generates its own certificate. */
const TLS: Readonly<Partial<Record<BreakWith, SslOptions>>> = {
  'bad-certificate': { rejectUnauthorized: true },
  'old-tls': {
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    // OpenSSL 3 allows old TLS only at this level.
    ciphers: 'DEFAULT@SECLEVEL=0',
  },
};

async function failTls(stream: Socket, ssl: SslOptions): Promise<void> {
  try {
    const connection = await createConnection({ stream, user: 'jdoe', ssl });
    await connection.end();
  } catch {
    // This client expects a refusal; tests read the server's counters.
    stream.end();
  }
  await closed(stream);
}

/** Closes when it has read the greeting and the answer to its login packet, each of them a packet. */
function checkAsHaproxy(socket: Socket, check: HaproxyCheck): void {
  let read = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    read = Buffer.concat([read, chunk]);
    const answerAt = read.length < 4 ? 0 : 4 + read.readUIntLE(0, 3);
    const isError = read[4] === 0xff;
    const isAnswered = read.length >= answerAt + 4 && answerAt > 0;
    const isWhole = isAnswered && read.length >= answerAt + 4 + read.readUIntLE(answerAt, 3);
    if (isError || isWhole) socket.end();
  });
  socket.write(haproxyPackets(check));
}

function logInAndLeave(socket: Socket, plugin: string | null): void {
  socket.once('data', () => socket.end());
  socket.write(packet(1, loginRequest({ user: 'jdoe', plugin })));
}

/** CLIENT_LONG_PASSWORD, _PROTOCOL_41, _TRANSACTIONS, _SECURE_CONNECTION. */
const CAPABILITIES = 0xa201;
const CLIENT_WITH_DB = 0x8;
const CLIENT_PLUGIN_AUTH = 0x80000;
export const CLIENT_SSL = 0x800;
const UTF8MB4 = 45;

export interface LoginRequest {
  readonly user: string;
  /** null = the protocol of 5.1, which has no plugins. */
  readonly plugin: string | null;
  readonly database?: string | undefined;
  /** Default a wrong one, of 20 or 32 bytes, depending on the plugin. */
  readonly scramble?: Buffer;
  /** Further capabilities. */
  readonly more?: number;
}

/** A handshake response. */
export function loginRequest(request: LoginRequest): Buffer {
  const { user, plugin, database, more = 0 } = request;
  const scramble = request.scramble ?? wrongScramble(plugin);
  const capabilities =
    (plugin === null ? 0 : CLIENT_PLUGIN_AUTH) | (database === undefined ? 0 : CLIENT_WITH_DB);
  const texts = [database, plugin].flatMap((text) =>
    typeof text !== 'string' ? [] : Buffer.from(`${text}\0`),
  );
  return Buffer.concat([
    requestHead(capabilities | more),
    Buffer.from(`${user}\0`),
    Buffer.of(scramble.length),
    scramble,
    ...texts,
  ]);
}

function wrongScramble(plugin: string | null): Buffer {
  return Buffer.alloc(plugin === 'caching_sha2_password' ? 32 : 20, 7);
}

export function sslRequest(): Buffer {
  return packet(1, requestHead(CLIENT_PLUGIN_AUTH | CLIENT_SSL));
}

/** The first 32 bytes of a handshake response; an SSLRequest has no more. */
function requestHead(more: number): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(CAPABILITIES | more, 0);
  head.writeUInt32LE(0xffffff, 4);
  head[8] = UTF8MB4;
  return head;
}
