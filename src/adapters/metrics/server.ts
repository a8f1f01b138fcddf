import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Log } from '../../chat/log.ts';
import { codeOf, createUnreadable } from '../../chat/unreadable.ts';
import { pause, type Wait, within } from '../../chat/waiting.ts';

/** Serves `/metrics`, `/healthz` and `/readyz` on their own port. Does I/O. */

export interface MetricsServerOptions {
  readonly port: number;
  readonly host: string;
  readonly metrics: { text(): Promise<string>; readonly contentType: string };
  /** What is needed to be ready; the answer names the first one that is missing. */
  readonly checks: readonly ReadyCheck[];
  /** Updates numbers that are only read for a scrape. */
  readonly beforeScrape?: () => Promise<void>;
  readonly log: Log;
  /** Tests hand in their own. */
  readonly wait?: Wait;
}

export interface ReadyCheck {
  /** Begins a sentence: `Slack`, `The state`. */
  readonly name: string;
  /** null = ready; otherwise one sentence on what is missing. May reject, and may take long. */
  fault(): Promise<string | null>;
}

/** Kubernetes waits one second for a probe. */
const CHECK_MS = 800;

/** Prometheus waits ten seconds for a scrape. */
const REFRESH_MS = 2000;

/** Slower requests are dropped. */
const REQUEST_MS = 5000;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Listens; returns a function that stops it. Rejects as `Unreadable` if it cannot listen. */
export async function startMetricsServer(
  options: MetricsServerOptions,
): Promise<() => Promise<void>> {
  const { port, host, log } = options;
  const server = createServer(
    {
      ...{ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, keepAliveTimeout: REQUEST_MS },
      // By default Node looks for slow requests only every 30 s.
      connectionsCheckingInterval: REQUEST_MS / 10,
    },
    (request, response) => {
      const { method = '', url = '/' } = request;
      answerTo(method, url.split('?')[0] ?? '/', options).then(
        (answer) => send(response, answer),
        (error: unknown) => {
          log.error('a request for metrics failed', { url, error });
          send(response, plain(500, 'Internal error. Details are in the log.'));
        },
      );
    },
  );
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw createUnreadable(portFault(error, port, host), error);
  }
  return async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
}

async function answerTo(
  method: string,
  path: string,
  options: MetricsServerOptions,
): Promise<Answer> {
  if (!['/metrics', '/healthz', '/readyz'].includes(path)) {
    return plain(404, 'Not found. Try /metrics, /healthz or /readyz.');
  }
  if (method !== 'GET') return plain(405, 'GET only.');
  if (path === '/healthz') return plain(200, 'hostcache is running.');
  if (path === '/metrics') return await scraped(options);
  const missing = await firstMissing(options);
  return missing === null ? plain(200, 'hostcache is ready.') : plain(503, missing);
}

async function scraped(options: MetricsServerOptions): Promise<Answer> {
  const { metrics, beforeScrape, log, wait = pause } = options;
  try {
    if (beforeScrape !== undefined) await within(beforeScrape(), REFRESH_MS, () => null, wait);
  } catch (error) {
    // The other metrics are still useful.
    log.warn('some metrics could not be updated', { error });
  }
  return { status: 200, type: metrics.contentType, body: await metrics.text() };
}

async function firstMissing(options: MetricsServerOptions): Promise<string | null> {
  const { checks, log, wait = pause } = options;
  const faults = await Promise.all(
    checks.map(async ({ name, fault }) => {
      try {
        return await within(fault(), CHECK_MS, () => `${name} does not answer.`, wait);
      } catch (error) {
        log.warn('a readiness check failed', { check: name, error });
        return `${name} cannot be reached.`;
      }
    }),
  );
  return faults.find((fault) => fault !== null) ?? null;
}

function plain(status: number, sentence: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${sentence}\n` };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 && { allow: 'GET' }),
  });
  response.end(body);
}

function portFault(error: unknown, port: number, host: string): string {
  const code = codeOf(error);
  switch (code) {
    case 'EADDRINUSE':
      return `METRICS_PORT ${port} is taken on ${host}; choose another.`;
    case 'EACCES':
      return `METRICS_PORT ${port} may not be used by this user; choose another.`;
    default:
      return `METRICS_HOST ${host} is not an address of this machine (${code ?? 'unknown error'}).`;
  }
}
