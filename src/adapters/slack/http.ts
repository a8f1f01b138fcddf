import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import type { Log } from '../../chat/log.ts';
import { codeOf } from '../../chat/unreadable.ts';
import { pause, within } from '../../chat/waiting.ts';
import { type Connection, createBoltLog } from './client.ts';
import { createCommands, isCommand } from './http-commands.ts';
import {
  createHolds,
  createNewcomers,
  createTurns,
  NEWCOMERS,
  type NewcomerLimits,
} from './newcomers.ts';
import { createRefusalLog } from './refusal-log.ts';
import { judgeHeaders, PATH } from './request-headers.ts';
import { type Buffered, readVerified, tooMany } from './signed-body.ts';

/**
 * Receives Slack's requests over HTTP. Until a signature is verified, a request costs little: its
 * headers are judged before its body is read, and time, connections and bytes are limited. Does I/O.
 */

export interface HttpOptions {
  readonly signingSecret: string;
  readonly port: number;
  /** The address to listen on; absent or null = all. */
  readonly host?: string | null;
  readonly now: () => Date;
  readonly log: Log;
  /** Tests hand in their own. */
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpLimits extends NewcomerLimits {
  /** For the headers, for the whole request, and for an idle connection. */
  readonly requestMs: number;
  /** A refused request is still read for this long, so that its sender reads the answer. */
  readonly lingerMs: number;
}

const LIMITS: HttpLimits = { ...NEWCOMERS, requestMs: 5000, lingerMs: 500 };

/** stop() then cuts open connections: a slower request is not from Slack, or is too late. */
const CLOSE_MS = 1000;

/** Connections that the kernel keeps until they are accepted: a flood must not make Slack wait. */
const BACKLOG = 4096;

/** A request is accepted from five minutes before its timestamp until five minutes after it. */
const KEPT_MS = 10 * 60_000;

export function createHttpReceiver(options: HttpOptions): Connection {
  const { signingSecret, port, host = null, log } = options;
  const logger = createBoltLog(log);
  // The gate has verified the signature before Bolt sees a request.
  const verified = { signatureVerification: false };
  const receiver = new HTTPReceiver({ signingSecret, logger, endpoints: PATH, ...verified });
  const commands = createCommands(log);
  let server: Server | null = null;
  return {
    isConnected: () => server?.listening === true,
    init: (app) => {
      receiver.init(app);
      commands.init(app);
    },
    /** Rejects with the system's error if the port cannot be opened. */
    start: async () => {
      server = createGate(options, (request, response, body) => {
        if (!isCommand(body)) return receiver.requestListener(request, response);
        response.writeHead(200).end();
        commands.add(body);
      });
      const place = { port, backlog: BACKLOG, ...(host !== null && { host }) };
      await once(server.listen(place), 'listening');
    },
    stop: async () => {
      if (server === null) return;
      const closed = new Promise((resolve) => server?.close(resolve));
      server.closeIdleConnections();
      await within(closed, CLOSE_MS, () => server?.closeAllConnections());
      await closed;
      await commands.settled();
    },
  };
}

/** What to say if the port cannot be opened; null = another error. */
export function listenFault(
  error: unknown,
  { port, host = null }: Pick<HttpOptions, 'port' | 'host'>,
): string | null {
  const code = codeOf(error);
  const where = host === null ? '' : ` on ${host}`;
  switch (code) {
    case 'EADDRINUSE':
      return `PORT ${port} is taken${where}; choose another.`;
    case 'EACCES':
      return `PORT ${port} may not be used by this user; choose another.`;
    default:
      if (host === null || code === null) return null;
      return `HOST ${host} is not an address of this machine (${code}).`;
  }
}

/** A server that passes on only requests that Slack has signed, each once. */
function createGate(
  options: HttpOptions,
  passOn: (request: Buffered, response: Response, body: object | null) => void,
) {
  const { now, log } = options;
  const limits: HttpLimits = { ...LIMITS, ...options.limits };
  const newcomers = createNewcomers(limits);
  const holds = createHolds(limits);
  const turnToRefuse = createTurns(limits.refusing);
  const isReplay = createReplays(now);
  const refusals = createRefusalLog(log, now);
  /** Connections that are closing: what follows on them is not looked at. */
  const closing = new WeakSet<IncomingMessage['socket']>();

  async function handle(request: IncomingMessage, response: Response): Promise<void> {
    if (closing.has(request.socket)) return;
    const refused = judgeHeaders(request, now());
    const read = refused ?? (await readVerified(request, response, options.signingSecret, holds));
    if (read === null) return;
    if ('status' in read) {
      closing.add(request.socket);
      refusals.add(read);
      // A body costs more than headers, so its sender waits before it can send the next one.
      if (refused === null && read !== tooMany) await turnToRefuse();
      return await answerRefused(read.status, request, response, limits);
    }
    if (isReplay(read.request)) {
      log.warn('a repeated request was ignored', { path: PATH });
      response.writeHead(200).end();
      return;
    }
    newcomers.verified(request.socket);
    passOn(read.request, response, read.body);
  }

  const listener: RequestListener = (request, response) => {
    handle(request, response).catch((error: unknown) => {
      log.warn('a request was interrupted', { error });
      response.destroy();
    });
  };
  const server = createServer(timeoutsOf(limits), listener);
  // Otherwise Node would ask for the body of any request that offers to wait for "100 Continue".
  server.on('checkContinue', listener);
  server.on('connection', newcomers.add);
  return server;
}

type Response = ServerResponse<IncomingMessage>;

function timeoutsOf({ requestMs }: HttpLimits) {
  return {
    headersTimeout: requestMs,
    requestTimeout: requestMs,
    keepAliveTimeout: requestMs,
    // By default Node looks for slow requests only every 30 s.
    connectionsCheckingInterval: requestMs / 10,
  };
}

/** Answers at once, and closes the connection as soon as the sender has stopped, or soon. */
async function answerRefused(
  status: number,
  request: IncomingMessage,
  response: Response,
  { lingerMs }: HttpLimits,
): Promise<void> {
  response.writeHead(status, { connection: 'close', 'content-length': 0 });
  response.flushHeaders();
  request.resume();
  // Reading more would cost what the refusal saves.
  if (!request.complete && status !== tooMany.status) {
    const over = new AbortController();
    request.once('close', () => over.abort());
    await pause(lingerMs, over.signal);
  }
  response.end();
}

/** Whether the same signed request came before. */
function createReplays(now: () => Date): (request: Buffered) => boolean {
  /** By signature; the oldest first. */
  const seen = new Map<string, number>();
  return ({ headers }) => {
    const nowMs = now().getTime();
    for (const [old, seenMs] of seen) {
      if (nowMs - seenMs <= KEPT_MS) break;
      seen.delete(old);
    }
    const signature = String(headers['x-slack-signature']);
    if (seen.has(signature)) return true;
    seen.set(signature, nowMs);
    return false;
  };
}
