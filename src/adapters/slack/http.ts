import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { HTTPModuleFunctions, HTTPReceiver, isValidSlackRequest } from '@slack/bolt';
import type { Log } from '../../chat/log.ts';
import { within } from '../../chat/waiting.ts';
import { type Connection, createBoltLog } from './client.ts';

/** Receives Slack's requests over HTTP; Bolt checks their signatures. Does I/O. */

export interface HttpOptions {
  readonly signingSecret: string;
  readonly port: number;
  readonly now: () => Date;
  readonly log: Log;
}

const PATH = '/slack/events';

/** Slack's own limit for a request's age. Bolt refuses old requests, but not future ones. */
const AHEAD_SECONDS = 300;

/** stop() then cuts open connections: a slower request is not from Slack, or is too late. */
const CLOSE_MS = 1000;

/** A request is accepted from five minutes before its timestamp until five minutes after it. */
const KEPT_MS = 10 * 60_000;

/** Bytes; far more than Slack sends. */
const BODY_LIMIT = 1024 * 1024;

export function createHttpReceiver(options: HttpOptions): Connection {
  const { signingSecret, port, log } = options;
  const logger = createBoltLog(log);
  const receiver = new HTTPReceiver({ signingSecret, logger, endpoints: PATH });
  const isReplay = createReplays(options);
  let server: Server | null = null;
  return {
    isConnected: () => server?.listening === true,
    init: (app) => receiver.init(app),
    /** Rejects with the system's error if the port cannot be opened. */
    start: async () => {
      server = createServer((request, response) => {
        handle(request, response, { ...options, receiver, isReplay }).catch((error: unknown) => {
          log.warn('a request was interrupted', { error });
          response.destroy();
        });
      });
      await once(server.listen(port), 'listening');
    },
    stop: async () => {
      if (server === null) return;
      const closed = new Promise((resolve) => server?.close(resolve));
      server.closeIdleConnections();
      await within(closed, CLOSE_MS, () => server?.closeAllConnections());
      await closed;
    },
  };
}

interface HandleParts extends Pick<HttpOptions, 'now' | 'log'> {
  readonly receiver: HTTPReceiver;
  readonly isReplay: IsReplay;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { now, log, receiver, isReplay }: HandleParts,
): Promise<void> {
  const refused = (status: number, why: string) => {
    log.info('a request was refused', { status, why });
    response.writeHead(status, { connection: 'close' }).end();
  };
  if (request.url?.split('?')[0] !== PATH || request.method !== 'POST') {
    return refused(404, `expected POST ${PATH}`);
  }
  const seconds = Number(request.headers['x-slack-request-timestamp']);
  if (seconds - now().getTime() / 1000 > AHEAD_SECONDS) {
    return refused(401, 'its timestamp is in the future');
  }
  const rawBody = await bodyOf(request);
  if (rawBody === null) return refused(413, `over ${BODY_LIMIT} bytes`);
  // Bolt accepts a request whose body was already read; see BufferedIncomingMessage.
  const buffered = Object.assign(request, { rawBody });
  // Bolt reads fields of any body, so `null` would end the process.
  if (isNotObject(buffered)) return refused(400, 'its body is not an object');
  if (isReplay(buffered)) {
    log.warn('a repeated request was ignored', { path: PATH });
    response.writeHead(200).end();
    return;
  }
  receiver.requestListener(buffered, response);
}

/** Whether the same signed request came before; false if the signature is not valid. */
type IsReplay = (request: Buffered) => boolean;

/** Remembers the signatures of Slack's requests, so that a repeated request has no effect. */
function createReplays({ signingSecret, now }: HttpOptions): IsReplay {
  const seen = new Map<string, number>();
  return ({ headers, rawBody }) => {
    const signature = String(headers['x-slack-signature']);
    const time = Number(headers['x-slack-request-timestamp']);
    const signed = { 'x-slack-signature': signature, 'x-slack-request-timestamp': time };
    const nowMs = now().getTime();
    const body = rawBody.toString();
    // An unsigned request is not remembered, because anybody could make it up.
    if (!isValidSlackRequest({ signingSecret, body, headers: signed, nowMilliseconds: nowMs }))
      return false;
    for (const [old, seenMs] of seen) {
      if (nowMs - seenMs <= KEPT_MS) break;
      seen.delete(old);
    }
    // Bolt compares only this part, so anything may follow it.
    const [, hash = ''] = signature.split('=');
    if (seen.has(hash)) return true;
    seen.set(hash, nowMs);
    return false;
  };
}

/** null = longer than BODY_LIMIT. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    parts.push(part);
    length += part.length;
    if (length > BODY_LIMIT) return null;
  }
  return Buffer.concat(parts);
}

type Buffered = IncomingMessage & { readonly rawBody: Buffer };

function isNotObject(request: Buffered): boolean {
  try {
    const body: unknown = HTTPModuleFunctions.parseHTTPRequestBody(request);
    return typeof body !== 'object' || body === null;
  } catch (error) {
    // Bolt checks the signature first, and then refuses such a body too.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
