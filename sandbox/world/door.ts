/** A TCP port on the host's loopback that leads into the namespace and keeps the source address. Does I/O. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { DOOR_SOCKET } from './messages.ts';

export interface Door {
  readonly port: number;
  /** After this, the port refuses connections, like the port of a server that is down. */
  close(): Promise<void>;
  reopen(): Promise<void>;
}

/** Clients get `address` as their source address inside; null = they keep their own. */
export async function openDoor(folder: string, address: string | null): Promise<Door> {
  const connections = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (outside) => {
    connections.add(outside);
    outside.once('close', () => connections.delete(outside));
    lead(outside, folder, address);
  });
  const port = await listen(server, 0);
  return {
    port,
    async close() {
      for (const socket of connections) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
    async reopen() {
      if (!server.listening) await listen(server, port);
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an AddressInfo; only one on a path has a string.
  return (server.address() as AddressInfo).port;
}

function lead(outside: Socket, folder: string, address: string | null): void {
  const inside = connect({ path: join(folder, DOOR_SOCKET), allowHalfOpen: true });
  for (const socket of [inside, outside]) socket.on('error', () => undefined);
  inside.once('close', () => outside.destroy());
  outside.once('close', () => inside.destroy());
  inside.write(`${address ?? outside.remoteAddress}\n`);
  outside.pipe(inside).pipe(outside);
}
