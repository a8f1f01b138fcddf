// Opens a connection to a MySQL server, and ends it if the server sends what no server would. Does I/O.
import { Duplex } from 'node:stream';
import mysql, { type Connection, type ConnectionOptions } from 'mysql2';
import { streamOf } from './guard.ts';
import { endLoginLimit, handleAll, LOGIN_LIMIT, tooMuch } from './socket.ts';

/** Bytes of the names and types of an answer's columns. */
export const COLUMNS_LIMIT = 1024 * 1024;
/** Bytes of one answer. A host cache of 65,536 entries with long names takes half of it. */
export const ANSWER_LIMIT = 64 * 1024 * 1024;

export interface Watched {
  readonly connection: Connection;
  /** Resolves when the login has succeeded. */
  readonly ready: Promise<void>;
  /** The bytes that the server may send from now on. */
  allow(bytes: number): void;
}

/**
 * An error of the connection ends it, and rejects `ready` or the running query. `bytes`: what the
 * server may send after the login, until `allow`.
 */
export function openConnection(options: ConnectionOptions, bytes: number = ANSWER_LIMIT): Watched {
  const connection = mysql.createConnection(options);
  const { allow } = watch(connection, LOGIN_LIMIT);
  const ready = new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error === null ? resolve() : reject(error)));
  });
  return {
    connection,
    ready: ready.then(() => allow(bytes)),
    allow,
  };
}

interface Watchable {
  on(event: string, listener: (error: Error) => void): unknown;
  destroy(): void;
}

/**
 * Counts what the server sends. mysql2 has no limit for a packet, and throws from its handlers at
 * some malformed ones; both end the connection here, with an error that mysql2 reports as its own.
 */
export function watch(connection: Watchable, bytes: number): Pick<Watched, 'allow'> {
  let left = bytes;
  // Without a listener, an error of an idle connection would end the process.
  connection.on('error', () => cut(connection));
  // Packets out of order: mysql2 would print a line for each, and go on.
  connection.on('warn', (error) => {
    throw error;
  });
  watchStream(streamOf(connection));
  return {
    allow: (more) => {
      left = more;
    },
  };

  function watchStream(stream: unknown): void {
    if (!(stream instanceof Duplex)) return;
    endLoginLimit(stream);
    const handlers = stream.listeners('data');
    stream.removeAllListeners('data');
    stream.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) stream.destroy(tooMuch());
      else handleAll(stream, handlers, chunk);
      // With TLS, mysql2 continues on another stream.
      if (streamOf(connection) !== stream) watchStream(streamOf(connection));
    });
  }
}

/** mysql2 would only close its own direction, and go on to read. */
export function cut(connection: Pick<Watchable, 'destroy'>): void {
  connection.destroy();
  const stream = streamOf(connection);
  if (stream instanceof Duplex) stream.destroy();
}
