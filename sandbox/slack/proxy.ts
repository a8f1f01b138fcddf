/** A CONNECT proxy, as companies put between their servers and Slack, and a TLS end for the peer. Does I/O. */
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';

export interface ProxyOptions {
  /** By `host:port`: the port on 127.0.0.1 that it leads to. All others are refused with 403. */
  readonly leads: Readonly<Record<string, number>>;
  /** By `host:port`: the status that refuses it. */
  readonly refuses?: Readonly<Record<string, number>>;
  /** `user:password`, without which it answers 407; default nobody is asked. */
  readonly login?: string;
  /** A Unix socket to listen on; default a free port of 127.0.0.1. */
  readonly path?: string;
}

export interface ConnectProxy {
  /** 0 = it listens on a Unix socket. */
  readonly port: number;
  /** Each `host:port` that was asked for, in order. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

export async function startProxy({
  leads,
  refuses = {},
  login,
  path,
}: ProxyOptions): Promise<ConnectProxy> {
  const asked: string[] = [];
  const open = new Set<Duplex>();
  // It only tunnels: any other request is refused.
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = request.url ?? '';
    asked.push(target);
    open.add(client);
    client.on('close', () => open.delete(client));
    const port = leads[target];
    const isKnown = login === undefined || isLogin(request, login);
    const status = isKnown ? (refuses[target] ?? (port === undefined ? 403 : null)) : 407;
    if (status === null && port !== undefined) tunnel(client, head, port);
    else client.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
  });
  await listen(server, path ?? 0);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    asked,
    stop: async () => {
      for (const client of open) client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface TlsEnd {
  readonly port: number;
  stop(): Promise<void>;
}

/** Takes TLS connections, and passes what they carry to the port of 127.0.0.1. */
export async function startTlsEnd(
  certificate: { readonly cert: string; readonly key: string },
  port: number,
): Promise<TlsEnd> {
  const open = new Set<Socket>();
  const server = createTlsServer(certificate, (client) => {
    open.add(client);
    client.on('close', () => open.delete(client));
    pipeBoth(client, connect(port, '127.0.0.1'));
  });
  // A client that does not trust the certificate breaks the handshake off.
  server.on('tlsClientError', () => undefined);
  await listen(server, 0);
  return {
    // A server that listens on a port has an AddressInfo.
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const client of open) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Joins the two streams; the end of one is the end of the other. */
export function pipeBoth(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    from.pipe(to);
  }
}

function isLogin({ headers }: IncomingMessage, login: string): boolean {
  return headers['proxy-authorization'] === `Basic ${Buffer.from(login).toString('base64')}`;
}

function tunnel(client: Duplex, head: Buffer, port: number): void {
  const target = connect(port, '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    target.write(head);
    pipeBoth(client, target);
  });
  target.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
}

async function listen(server: Server, where: string | number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (typeof where === 'string') server.listen(where, resolve);
    else server.listen(where, '127.0.0.1', resolve);
  });
}
