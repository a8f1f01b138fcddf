import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** A server that speaks MySQL's protocol as a script says, packet by packet, so it can lie. */

export interface FakeMysql {
  readonly port: number;
  /** Every byte from clients, after decryption, by connection. */
  heard(): readonly Buffer[];
  /** How many bytes the clients took, and the sockets hold. */
  sent(): number;
  /** Errors of the script itself; a closed connection is none. */
  readonly faults: readonly unknown[];
  stop(): Promise<void>;
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** One client. Every method rejects with CLOSED when the client has gone. */
export interface Session {
  /** The next packet, without its header. */
  read(): Promise<Buffer>;
  /** One packet, with the next sequence number. */
  send(payload: Buffer): Promise<void>;
  /** These bytes as they are. */
  write(bytes: Buffer): Promise<void>;
  /** A packet with its header, to be joined with others; `number` is its sequence number. */
  packet(payload: Buffer, number?: number): Buffer;
  startTls(certificate: Certificate): void;
  close(): void;
}

export type Script = (session: Session) => Promise<void>;

const CLOSED = Symbol('closed');

/** After the script the connection stays open until the client leaves. */
export async function startFakeMysql(script: Script): Promise<FakeMysql> {
  const heard: Buffer[][] = [];
  const faults: unknown[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const ofClient: Buffer[] = [];
    heard.push(ofClient);
    const session = openSession(socket, (bytes) => ofClient.push(bytes));
    script(session).catch((error: unknown) => {
      if (error !== CLOSED) faults.push(error);
    });
  });
  server.listen(0);
  await once(server, 'listening');
  return {
    // A TCP server that listens has an AddressInfo.
    port: (server.address() as AddressInfo).port,
    heard: () => heard.map((chunks) => Buffer.concat(chunks)),
    sent: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    faults,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function openSession(socket: Socket, hear: (bytes: Buffer) => void): Session {
  let stream: Socket = socket;
  let sequence = 0;
  let unread = Buffer.alloc(0);
  const arrived: Buffer[] = [];
  let isOpen = true;
  let wake: () => void = () => undefined;

  function listen(to: Socket): void {
    to.on('data', (bytes: Buffer) => {
      hear(bytes);
      arrived.push(bytes);
      wake();
    });
    to.on('error', () => undefined);
    to.on('close', () => {
      isOpen = false;
      wake();
    });
  }

  function take(): void {
    unread = Buffer.concat([unread, ...arrived.splice(0)]);
  }

  async function more(): Promise<void> {
    if (arrived.length > 0) return take();
    if (!isOpen) throw CLOSED;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }

  const packet = (payload: Buffer, number = sequence): Buffer => {
    const header = Buffer.alloc(4);
    header.writeUIntLE(payload.length, 0, 3);
    header[3] = number;
    sequence = (number + 1) % 256;
    return Buffer.concat([header, payload]);
  };
  const write = (bytes: Buffer) =>
    new Promise<void>((resolve, reject) => {
      if (!isOpen) return reject(CLOSED);
      stream.write(bytes, (error) => (error ? reject(CLOSED) : resolve()));
    });

  listen(socket);
  socket.setNoDelay(true);
  return {
    packet,
    write,
    send: (payload) => write(packet(payload)),
    read: async () => {
      while (unread.length < 4 || unread.length < 4 + unread.readUIntLE(0, 3)) await more();
      const end = 4 + unread.readUIntLE(0, 3);
      sequence = ((unread[3] ?? 0) + 1) % 256;
      const payload = unread.subarray(4, end);
      unread = unread.subarray(end);
      return payload;
    },
    startTls: (certificate) => {
      socket.removeAllListeners('data');
      socket.pause();
      take();
      // The client sends its hello without waiting.
      socket.unshift(unread);
      unread = Buffer.alloc(0);
      stream = new TLSSocket(socket, { isServer: true, ...certificate });
      listen(stream);
    },
    close: () => socket.destroy(),
  };
}
