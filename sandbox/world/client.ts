/** A MySQL client that comes from any address of the namespace; asks the world. */
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
  // Who reads the socket hears of its errors; after that nobody is interested.
  socket.on('error', () => undefined);
  return socket;
}

/** Logs in, asks who it is, leaves. */
export async function attempt(address: string, login: Login): Promise<Attempt> {
  const { connection, result } = await logIn(address, login);
  await connection?.end();
  return result;
}

/** The connection is null when it was refused. */
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

/** mysql2 gives the server's own errors a SQL state, and those of the network a code only. */
function toAttempt(error: unknown): Exclude<Attempt, { outcome: 'admitted' }> {
  if (!(error instanceof Error)) throw error;
  // All that mysql2 throws is an Error with some of these.
  const { errno, sqlState, code } = error as Error & Partial<QueryError>;
  if (sqlState !== undefined && errno !== undefined && errno > 0)
    return { outcome: 'error', code: errno, message: error.message };
  return { outcome: 'closed', reason: code ?? error.message };
}

/** Reads the greeting and stays silent; the socket stays open. */
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

/** Length (3), sequence (1), then 0xff, the code (2) and the text for an error. */
function readGreeting(packet: Buffer): Greeting {
  if (packet[4] !== 0xff) return { outcome: 'greeted' };
  const message = packet
    .subarray(7)
    .toString()
    .replace(/^#.{5}/, '');
  return { outcome: 'error', code: packet.readUInt16LE(5), message };
}
