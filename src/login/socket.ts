// Opens the socket of a MySQL connection. Does I/O.
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { parseAddress } from '../hostcache/address.ts';
import { TOO_MUCH } from '../hostcache/login-faults.ts';
import type { MysqlLogin } from '../hostcache/mysql-login.ts';
import { verifies } from './channel.ts';

const KEEP_ALIVE = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 };

/** Bytes of a greeting and a login: a certificate and some texts. */
export const LOGIN_LIMIT = 256 * 1024;

const unlimited = new WeakSet<object>();

/**
 * Until `endLoginLimit`, the server may send `LOGIN_LIMIT` bytes; over TLS, that is not counted here.
 * `withoutTls` is called before mysql2 reads the greeting of a server that offers no TLS, if the login
 * can do without.
 */
export function openSocket(login: MysqlLogin, withoutTls: () => void = () => undefined): Socket {
  const socket = connect(placeOf(login));
  if (login.isTlsOptional === true) {
    let isGreeting = true;
    // Before mysql2's own listener, which is added later.
    socket.on('data', (chunk) => {
      if (isGreeting && !offersTls(chunk)) withoutTls();
      isGreeting = false;
    });
  }
  // mysql2 listens to it at once; then its listeners are guarded.
  queueMicrotask(() => guard(socket));
  return socket;
}

/** Protocol::HandshakeV10: whether CLIENT_SSL is among the server's capabilities. */
function offersTls(greeting: Buffer): boolean {
  const HEADER = 4;
  const CLIENT_SSL = 0x08;
  const versionEnd = greeting.indexOf(0, HEADER + 1);
  // After the version: the connection's id, 8 bytes of the challenge and a filler.
  const high = greeting[versionEnd + 1 + 4 + 8 + 1 + 1];
  return versionEnd < 0 || high === undefined || (high & CLIENT_SSL) !== 0;
}

function guard(socket: Socket): void {
  const handlers = socket.listeners('data');
  let left = LOGIN_LIMIT;
  socket.removeAllListeners('data');
  socket.on('data', (chunk) => {
    left -= chunk.length;
    if (left < 0 && !unlimited.has(socket)) socket.destroy(tooMuch());
    else handleAll(socket, handlers, chunk);
  });
}

/** mysql2 throws from its handlers at some malformed packets. */
export function handleAll(stream: Duplex, handlers: readonly unknown[], chunk: Buffer): void {
  try {
    for (const handle of handlers) if (typeof handle === 'function') handle.call(stream, chunk);
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

export function endLoginLimit(socket: object): void {
  unlimited.add(socket);
}

export function tooMuch(): Error {
  return Object.assign(new Error('too many bytes or rows'), { code: TOO_MUCH });
}

/**
 * mysql2 gives Node no name to verify where the host is an address. Node then verifies the name
 * that the socket looked up, or else `localhost`. So the address is looked up, with a final dot,
 * which Node removes before it compares.
 */
function placeOf(login: MysqlLogin): NetConnectOpts {
  const { host, port, socketPath } = login;
  if (socketPath !== undefined) return { path: socketPath };
  const address = verifies(login) ? parseAddress(host) : null;
  if (address === null) return { host, port, ...KEEP_ALIVE };
  return {
    host: `${host}.`,
    port,
    lookup: (_name, _options, done) => done(null, host, address.family),
    autoSelectFamily: false,
    ...KEEP_ALIVE,
  };
}
