/** A DNS server with scripted answers, on loopback by UDP and TCP. Does I/O. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Asker, createTable, type ScriptedDns } from './dns/table.ts';
import { readQuestion, writeReply } from './dns/wire.ts';

export type { AnswerOptions, AskedQuestion, Asker, DnsAnswer, ScriptedDns } from './dns/table.ts';
export { reverseName } from './dns/table.ts';

export interface DnsServer {
  readonly dns: ScriptedDns;
  /** `127.0.0.1:port`, for `DNS_SERVERS`. Questions that come here are the bot's. */
  readonly address: string;
  /** Answers a message from another transport; null = no answer. */
  respond(message: Buffer, asker: Asker, transport: Transport): Promise<Buffer | null>;
  close(): Promise<void>;
}

export type Transport = 'udp' | 'tcp';
export type Respond = (message: Buffer, transport: Transport) => Promise<Buffer | null>;

export interface DnsDoor {
  readonly port: number;
  close(): Promise<void>;
}

export async function startDns(): Promise<DnsServer> {
  const table = createTable();
  const respond: DnsServer['respond'] = async (message, asker, transport) => {
    const question = readQuestion(message);
    if (question === null) return null;
    const { reply, delayMs } = table.resolve({ asker, name: question.name, type: question.type });
    if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
    if (reply === null) return null;
    return writeReply(question, reply, transport === 'udp' ? question.limit : undefined);
  };
  const door = await openDnsDoor('127.0.0.1', 0, (message, transport) =>
    respond(message, 'bot', transport),
  );
  return { dns: table.dns, address: `127.0.0.1:${door.port}`, respond, close: door.close };
}

/** Listens for DNS messages by UDP and TCP on one port; 0 = a port that is free for both. */
export async function openDnsDoor(
  address: string,
  port: number,
  respond: Respond,
): Promise<DnsDoor> {
  for (let attempt = 1; ; attempt++) {
    const tcp = await listenTcp(address, port, respond);
    try {
      const udp = await listenUdp(address, tcp.port, respond);
      const close = async () => void (await Promise.all([tcp.close(), udp.close()]));
      return { port: tcp.port, close };
    } catch (error) {
      await tcp.close();
      if (port !== 0 || attempt === 20) throw error;
    }
  }
}

async function listenUdp(
  address: string,
  port: number,
  respond: Respond,
): Promise<Pick<DnsDoor, 'close'>> {
  const socket: UdpSocket = createSocket('udp4');
  let isOpen = true;
  socket.on('message', (message, peer) => {
    void respond(message, 'udp').then((reply) => {
      if (reply !== null && isOpen) socket.send(reply, peer.port, peer.address);
    });
  });
  socket.bind(port, address);
  await once(socket, 'listening');
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await new Promise<void>((resolve) => socket.close(resolve));
  };
  return { close };
}

async function listenTcp(address: string, port: number, respond: Respond): Promise<DnsDoor> {
  const connections = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    serveTcp(socket, respond);
  });
  server.listen(port, address);
  await once(server, 'listening');
  const close = async () => {
    for (const socket of connections) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  // A TCP server that listens has an AddressInfo; only one on a path has a string.
  return { port: (server.address() as AddressInfo).port, close };
}

/** Each message is preceded by its length in two bytes. */
function serveTcp(socket: Socket, respond: Respond): void {
  let pending = Buffer.alloc(0);
  // A client that disconnects early is ignored.
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const message = pending.subarray(2, 2 + pending.readUInt16BE(0));
      pending = pending.subarray(2 + message.length);
      void respond(message, 'tcp').then((reply) => {
        if (reply === null || socket.destroyed) return;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(reply.length);
        socket.write(Buffer.concat([length, reply]));
      });
    }
  });
}
