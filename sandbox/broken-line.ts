/** A line to a server that breaks at a given byte: cut, silent, or closed in one direction. Does I/O. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Break {
  readonly direction: Direction;
  /** The bytes of this direction that still pass, counted from the moment of `breakAt`. */
  readonly afterBytes: number;
  /** `half-close`: the receiver sees the end of the stream, and the other direction goes on. */
  readonly how: 'cut' | 'stall' | 'half-close';
  /** Every connection breaks with it, and so does each new one. */
  readonly isForAll?: boolean;
}

export type Direction = 'to-server' | 'to-client';

export interface BrokenLine {
  /** The Unix socket at which clients connect. */
  readonly path: string;
  /** Bytes in each direction since the last `breakAt`, over all connections. */
  readonly passed: Readonly<Record<Direction, number>>;
  /** null = it only counts. */
  breakAt(fault: Break | null): void;
  /** New connections work again; those that hang are cut. */
  repair(): void;
  /** New connections go to this server from now on. */
  turnTo(serverPath: string): void;
  close(): Promise<void>;
}

interface Line {
  target: string;
  fault: Break | null;
  isBroken: boolean;
  readonly passed: Record<Direction, number>;
  readonly pairs: Set<Pair>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  isSilent: boolean;
}

export async function openBrokenLine(path: string, serverPath: string): Promise<BrokenLine> {
  const line: Line = {
    target: serverPath,
    fault: null,
    isBroken: false,
    passed: { 'to-server': 0, 'to-client': 0 },
    pairs: new Set(),
  };
  const door = createServer({ allowHalfOpen: true }, (client) => join(line, client));
  door.listen(path);
  await once(door, 'listening');
  return {
    path,
    passed: line.passed,
    breakAt: (fault) => {
      Object.assign(line, { fault, isBroken: false });
      Object.assign(line.passed, { 'to-server': 0, 'to-client': 0 });
    },
    repair: () => {
      Object.assign(line, { fault: null, isBroken: false });
      for (const pair of line.pairs) if (pair.isSilent) cut(pair);
    },
    turnTo: (server) => {
      line.target = server;
    },
    close: () => close(door, line),
  };
}

function join(line: Line, client: Socket): void {
  const server = connect({ path: line.target, allowHalfOpen: true });
  const pair: Pair = { client, server, isSilent: false };
  line.pairs.add(pair);
  for (const socket of [client, server]) {
    socket.on('error', () => undefined);
    socket.once('close', () => {
      cut(pair);
      line.pairs.delete(pair);
    });
  }
  pass(line, pair, 'to-server');
  pass(line, pair, 'to-client');
  if (line.isBroken && line.fault?.isForAll === true) apply(line, pair, line.fault);
}

function pass(line: Line, pair: Pair, direction: Direction): void {
  const { client, server } = pair;
  const [from, to] = direction === 'to-server' ? [client, server] : [server, client];
  from.on('data', (chunk: Buffer) => {
    if (pair.isSilent || to.destroyed || to.writableEnded) return;
    const before = line.passed[direction];
    line.passed[direction] += chunk.length;
    const { fault } = line;
    const isHit =
      fault !== null &&
      !line.isBroken &&
      fault.direction === direction &&
      before + chunk.length >= fault.afterBytes;
    if (!isHit) return void to.write(chunk);
    line.isBroken = true;
    // What passes before the break has left before anything else happens.
    to.write(chunk.subarray(0, fault.afterBytes - before), () => apply(line, pair, fault));
    if (fault.how !== 'half-close') pair.isSilent = true;
  });
  from.on('end', () => {
    if (!pair.isSilent) to.end();
  });
}

function apply(line: Line, pair: Pair, { how, direction, isForAll }: Break): void {
  const broken = isForAll === true ? [...line.pairs] : [pair];
  for (const each of broken) {
    if (how === 'half-close') (direction === 'to-server' ? each.server : each.client).end();
    else if (how === 'cut') cut(each);
    else each.isSilent = true;
  }
}

function cut({ client, server }: Pair): void {
  client.destroy();
  server.destroy();
}

async function close(door: Server, { pairs }: Line): Promise<void> {
  const closed = new Promise((resolve) => door.close(resolve));
  for (const pair of pairs) cut(pair);
  await closed;
}
