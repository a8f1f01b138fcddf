/** Clients that begin a handshake and then fall silent, each at its own step. Does I/O. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as startTls, type TLSSocket } from 'node:tls';
import { CLIENT_SSL, loginRequest, sslRequest } from './broken-handshake.ts';
import { dial, greet } from './client.ts';
import type { Greeting, StuckAt } from './messages.ts';
import { packet } from './probers.ts';

/** Resolves when the client has sent all that it sends. The socket stays open. */
export async function fallSilent(
  address: string,
  at: StuckAt,
): Promise<{ readonly socket: Socket; readonly greeting: Greeting | null }> {
  if (at === 'connect') {
    const socket = dial(address);
    await once(socket, 'connect');
    return { socket, greeting: null };
  }
  const { socket, greeting } = await greet(address);
  if (greeting.outcome === 'greeted') await STEPS[at](socket);
  return { socket, greeting };
}

const STEPS: Readonly<Record<Exclude<StuckAt, 'connect'>, (socket: Socket) => unknown>> = {
  greeting: () => undefined,
  'half-login': (socket) => {
    const login = packet(1, loginRequest({ user: 'jdoe', plugin: PLUGIN }));
    socket.write(login.subarray(0, login.length / 2));
  },
  'auth-switch': async (socket) => {
    socket.write(packet(1, loginRequest({ user: 'jdoe', plugin: PLUGIN })));
    await once(socket, 'data');
  },
  'tls-asked': (socket) => socket.write(sslRequest()),
  'half-hello': async (socket) => void (await helloOf(socket, (hello) => hello.length / 2)),
  'tls-hello': async (socket) => {
    await helloOf(socket, (hello) => hello.length);
    await once(socket, 'data');
  },
  'tls-done': async (socket) => void (await secure(socket)),
  'tls-auth-switch': async (socket) => {
    const tls = await secure(socket);
    tls.write(packet(2, loginRequest({ user: 'jdoe', plugin: PLUGIN, more: CLIENT_SSL })));
    await once(tls, 'data');
  },
};

/** No account has this plugin, so the server asks for the account's own. */
const PLUGIN = 'an_old_plugin';

async function secure(socket: Socket): Promise<TLSSocket> {
  socket.write(sslRequest());
  const tls = startTls({ socket, rejectUnauthorized: false });
  // A test may reset the connection.
  tls.on('error', () => undefined);
  await once(tls, 'secureConnect');
  return tls;
}

/** Asks for TLS and sends only so many bytes of a ClientHello. */
async function helloOf(socket: Socket, bytes: (hello: Buffer) => number): Promise<void> {
  socket.write(sslRequest());
  const hello = await new Promise<Buffer>((resolve) => {
    const nowhere = new Duplex({ read: () => undefined, write: (chunk: Buffer) => resolve(chunk) });
    startTls({ socket: nowhere });
  });
  socket.write(hello.subarray(0, bytes(hello)));
}
