/** A MySQL client from any address of the namespace. Does I/O. */
import { connect, type Socket } from 'node:net';
import {
  type Connection,
  createConnection,
  type QueryError,
  type RowDataPacket,
} from 'mysql2/promise';
import { type Attempt, type Greeting, type Login, SERVER_PORT } from './messages.ts';

export const TIMEOUT_MS = 60_000;

export function dial(address: string): Socket {
  const host = address.includes(':') ? '::1' : '127.0.0.1';
  const socket = connect({ host, port: SERVER_PORT, localAddress: address, noDelay: true });
  // Readers of the socket have their own handlers; later errors are ignored.
  socket.on('error', () => undefined);
  return socket;
}

/** Logs in, reads CURRENT_USER() and USER(), and disconnects. */
export async function attempt(address: string, login: Login): Promise<Attempt> {
  const { connection, result } = await logIn(address, login);
  await connection?.end();
  return result;
}

/** A refused login has no connection (null). */
export async function logIn(
  address: string,
  login: Login,
): Promise<{ readonly connection: Connection | null; readonly result: Attempt }> {
  const socket = dial(address);
  try {
    const connection = await createConnection({
      stream: socket,
      user: login.user ?? 'jdoe',
      password: login.password ?? '',
      ...(login.database === undefined ? {} : { database: login.database }),
      ...(login.tls === true ? { ssl: { rejectUnauthorized: false } } : {}),
      connectTimeout: login.timeoutMs ?? TIMEOUT_MS,
      // The default allocates 0.5 MB for each connection.
      maxPreparedStatements: 1,
    });
    const [rows] = await connection.query<RowDataPacket[]>(
      'SELECT CURRENT_USER() AS currentUser, USER() AS user',
    );
    const { currentUser, user } = rows[0] ?? { currentUser: '', user: '' };
    return { connection, result: { outcome: 'admitted', currentUser, user } };
  } catch (error) {
    socket.destroy();
    return { connection: null, result: toAttempt(error) };
  }
}

/** In mysql2, errors of the server have a SQL state, errors of the network only a code. */
function toAttempt(error: unknown): Exclude<Attempt, { outcome: 'admitted' }> {
  if (!(error instanceof Error)) throw error;
  // mysql2 throws only Errors with some of these fields.
  const { errno, sqlState, code } = error as Error & Partial<QueryError>;
  if (sqlState !== undefined && errno !== undefined && errno > 0)
    return { outcome: 'error', code: errno, message: error.message };
  return { outcome: 'closed', reason: code ?? error.message };
}

/** Reads the greeting, sends nothing, and leaves the socket open. */
export async function greet(
  address: string,
): Promise<{ readonly socket: Socket; readonly greeting: Greeting }> {
  const socket = dial(address);
  const greeting = await new Promise<Greeting>((resolve) => {
    socket.once('data', (packet: Buffer) => resolve(readGreeting(packet)));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ outcome: 'closed', reason: error.code ?? error.message }),
    );
    socket.once('end', () => resolve({ outcome: 'closed', reason: 'end of stream' }));
    socket.setTimeout(TIMEOUT_MS, () => {
      resolve({ outcome: 'closed', reason: 'ETIMEDOUT' });
      socket.destroy();
    });
  });
  socket.setTimeout(0);
  return { socket, greeting };
}

/** A packet is length (3 bytes) and sequence (1), then its payload. */
function readGreeting(packet: Buffer): Greeting {
  return packet[4] === 0xff ? readError(packet.subarray(4)) : { outcome: 'greeted' };
}

/** An error is 0xff, code (2 bytes) and text. */
export function readError(payload: Buffer): Extract<Greeting, { readonly outcome: 'error' }> {
  const message = payload
    .subarray(3)
    .toString()
    .replace(/^#.{5}/, '');
  return { outcome: 'error', code: payload.readUInt16LE(1), message };
}
