/** Logs in with hand-made packets, which costs a fraction of what a driver costs. Does I/O. */
import type { Socket } from 'node:net';
import { loginRequest } from './broken-handshake.ts';
import { greet, readError, TIMEOUT_MS } from './client.ts';
import type { Attempt, Login } from './messages.ts';
import { COM_QUIT, packet } from './probers.ts';

const OK = 0x00;
const MORE_AUTH = 0x01;
const AUTH_SWITCH = 0xfe;
const ERROR = 0xff;
/** In MORE_AUTH of caching_sha2_password: the server wants the whole password. */
const FULL_AUTH = 0x04;
const COM_QUERY = 3;
/** As long as a password that is encrypted with the server's RSA key. */
const ENCRYPTED = 256;
/** An answer with two columns: their number, the two, EOF, and then the row. */
const ROW_AT = 4;

/** Without TLS and without a password; a password that is given is sent as a wrong one. */
export async function plainAttempt(address: string, login: Login): Promise<Attempt> {
  const { socket, greeting } = await greet(address);
  if (greeting.outcome !== 'greeted') return greeting;
  const isClosed = new Promise((resolve) => socket.once('close', resolve));
  socket.setTimeout(login.timeoutMs ?? TIMEOUT_MS, () => socket.destroy());
  const next = packetsOf(socket);
  const attempt = await logIn(socket, next, login);
  if (attempt.outcome === 'admitted') socket.write(packet(0, Buffer.of(COM_QUIT)));
  // The server closes first, so it has seen the end of the login when this resolves.
  await isClosed;
  return attempt;
}

type NextPacket = () => Promise<{ readonly sequence: number; readonly payload: Buffer } | null>;

async function logIn(socket: Socket, next: NextPacket, login: Login): Promise<Attempt> {
  const { user = 'jdoe', password = '', database } = login;
  const scramble = Buffer.alloc(password === '' ? 0 : 32, 7);
  const plugin = 'caching_sha2_password';
  socket.write(packet(1, loginRequest({ user, plugin, scramble, database })));
  for (let read = await next(); read !== null; read = await next()) {
    const { sequence, payload } = read;
    const answer = (bytes: Buffer) => socket.write(packet(sequence + 1, bytes));
    if (payload[0] === OK) return readNames(socket, next);
    if (payload[0] === ERROR) return readError(payload);
    if (payload[0] === AUTH_SWITCH) answer(scramble.subarray(0, 20));
    if (payload[0] === MORE_AUTH && payload[1] === FULL_AUTH) answer(Buffer.alloc(ENCRYPTED, 7));
  }
  return { outcome: 'closed', reason: 'end of stream' };
}

async function readNames(socket: Socket, next: NextPacket): Promise<Attempt> {
  const query = Buffer.from('SELECT CURRENT_USER(), USER()');
  socket.write(packet(0, Buffer.concat([Buffer.of(COM_QUERY), query])));
  for (let at = 0; ; at += 1) {
    const read = await next();
    if (read === null) return { outcome: 'closed', reason: 'end of stream' };
    if (read.payload[0] === ERROR && at === 0) return readError(read.payload);
    if (at !== ROW_AT) continue;
    const { payload } = read;
    // A name is shorter than 251 bytes, so its length is one byte.
    const end = 1 + (payload[0] ?? 0);
    const currentUser = payload.subarray(1, end).toString();
    return { outcome: 'admitted', currentUser, user: payload.subarray(end + 1).toString() };
  }
}

/** Gives the packets of the socket one by one; null = it has ended. */
function packetsOf(socket: Socket): NextPacket {
  let read: Buffer = Buffer.alloc(0);
  let wake = () => {};
  let isOver = false;
  socket.on('data', (chunk: Buffer) => {
    read = read.length === 0 ? chunk : Buffer.concat([read, chunk]);
    wake();
  });
  socket.once('close', () => {
    isOver = true;
    wake();
  });
  return async () => {
    for (;;) {
      const end = read.length < 4 ? 4 : 4 + read.readUIntLE(0, 3);
      if (read.length >= end) {
        const found = { sequence: read[3] ?? 0, payload: read.subarray(4, end) };
        read = read.subarray(end);
        return found;
      }
      if (isOver) return null;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}
