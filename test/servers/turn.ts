// An address that can be turned from one server to another, and servers that are hard to tell apart. Does I/O.
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import type { World } from '../../sandbox/world.ts';

const fileIn = (world: World, name: string) => join(dirname(world.socketPath), 'data', name);

/** Gives it the server_uuid of `first`, and starts it so many seconds later. */
export async function makeClone(clone: World, first: World, seconds: number): Promise<void> {
  await clone.stopServer();
  await copyFile(fileIn(first, 'auto.cnf'), fileIn(clone, 'auto.cnf'));
  await untilUpFor(seconds, first);
  await clone.startServer();
}

/** The starts of the servers in between take most of that time. */
export async function untilUpFor(seconds: number, world: World): Promise<void> {
  const [row] = await world.query("SHOW GLOBAL STATUS LIKE 'Uptime'");
  await world.query(`DO SLEEP(${Math.max(0, seconds - Number(row?.['Value']))})`);
}

export interface Turn {
  readonly port: number;
  /** New connections lead there; with `drop`, those that are open end. */
  to(world: World, drop?: 'drop'): void;
  close(): Promise<void>;
}

/** A port whose address is turned from one server to another. */
export async function openTurn(first: World): Promise<Turn> {
  let { port } = first;
  const open = new Set<Socket>();
  const server = createServer((outside) => {
    const inside = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      open.add(one);
      one.on('error', () => undefined);
      one.once('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    outside.pipe(inside).pipe(outside);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const drop = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    // A TCP server that listens has an AddressInfo.
    port: (server.address() as AddressInfo).port,
    to: (world, dropped) => {
      port = world.port;
      if (dropped === 'drop') drop();
    },
    close: async () => {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
