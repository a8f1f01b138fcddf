import { request } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/adapters/metrics/metrics.ts';
import {
  type MetricsServerOptions,
  type ReadyCheck,
  startMetricsServer,
} from '../../../src/adapters/metrics/server.ts';
import type { Wait } from '../../../src/chat/waiting.ts';
import { createFakeLog } from '../../chat/fake-subcommand.ts';
import { freePort } from '../../journeys/bot.ts';
import { parseScrape } from './scrape.ts';

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function start(change: Partial<MetricsServerOptions> = {}) {
  const port = await freePort();
  const log = createFakeLog();
  const metrics = createMetrics({ servers: ['main'] });
  const options = { port, host: '127.0.0.1', metrics, checks: [], log, ...change };
  const stop = await startMetricsServer(options);
  stops.push(stop);
  return { origin: `http://127.0.0.1:${port}`, port, log, metrics, stop };
}

const READY: ReadyCheck = { name: 'Slack', fault: async () => null };

describe('the port of the metrics', () => {
  it('gives what Prometheus can read', async () => {
    const { origin } = await start();
    const reply = await fetch(`${origin}/metrics`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    expect(parseScrape(await reply.text()).has('hostcache_up')).toBe(true);
  });

  it.each([
    { method: 'GET', path: '/healthz', status: 200, says: 'hostcache is running.\n' },
    { method: 'GET', path: '/healthz?verbose', status: 200, says: 'hostcache is running.\n' },
    { method: 'GET', path: '/readyz', status: 200, says: 'hostcache is ready.\n' },
    {
      method: 'GET',
      path: '/',
      status: 404,
      says: 'Not found. Try /metrics, /healthz or /readyz.\n',
    },
    { method: 'GET', path: '/metrics/', status: 404, says: 'Not found.' },
    { method: 'GET', path: '/../etc/passwd', status: 404, says: 'Not found.' },
    { method: 'GET', path: '//metrics', status: 404, says: 'Not found.' },
    { method: 'POST', path: '/metrics', status: 405, says: 'GET only.\n' },
    { method: 'DELETE', path: '/healthz', status: 405, says: 'GET only.\n' },
    { method: 'POST', path: '/', status: 404, says: 'Not found.' },
  ])('answers $method $path with $status', async ({ method, path, status, says }) => {
    const { port } = await start({ checks: [READY] });
    const reply = await send(port, method, path);
    expect(reply).toMatchObject({ status, body: expect.stringContaining(says) });
    expect(reply.headers['content-type']).toMatch(/^text\/plain/);
    expect(reply.headers['allow']).toBe(status === 405 ? 'GET' : undefined);
  });

  it('stops while somebody still holds a connection', async () => {
    const { origin, stop } = await start();
    await fetch(`${origin}/healthz`);
    await stop();
    await expect(fetch(`${origin}/healthz`)).rejects.toThrow();
    stops.length = 0;
  });
});

describe('/readyz', () => {
  const AWAY: ReadyCheck = { name: 'Slack', fault: async () => 'Slack is not connected.' };
  const BROKEN: ReadyCheck = {
    name: 'The state',
    fault: async () => Promise.reject(new Error('mysql://a:s3cret@b')),
  };
  const HANGING: ReadyCheck = { name: 'The state', fault: () => new Promise(() => undefined) };

  it.each([
    { name: 'what is missing', checks: [READY, AWAY], says: 'Slack is not connected.\n' },
    { name: 'the first of two', checks: [AWAY, BROKEN], says: 'Slack is not connected.\n' },
    { name: 'what failed', checks: [READY, BROKEN], says: 'The state cannot be reached.\n' },
    { name: 'what hangs', checks: [READY, HANGING], says: 'The state does not answer.\n' },
  ])('says $name in one line, within a second', async ({ checks, says }) => {
    const { origin } = await start({ checks, wait: upTo(1000) });
    const reply = await fetch(`${origin}/readyz`);
    expect(reply.status).toBe(503);
    expect(await reply.text()).toBe(says);
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  });
});

describe('before a scrape', () => {
  it('numbers are brought up to date', async () => {
    const metrics = createMetrics({ servers: [] });
    const beforeScrape = async () => metrics.posts({ rateLimited: 7, simplified: 0 });
    const { origin } = await start({ metrics, beforeScrape });
    const text = await (await fetch(`${origin}/metrics`)).text();
    expect(text).toContain('hostcache_slack_rate_limited_total 7');
  });

  it.each([
    { name: 'fails', beforeScrape: async () => Promise.reject(new Error('no state')) },
    { name: 'hangs', beforeScrape: () => new Promise<void>(() => undefined) },
  ])('what $name keeps nobody from the rest', async ({ beforeScrape }) => {
    // Prometheus waits ten seconds.
    const { origin } = await start({ beforeScrape, wait: upTo(5000) });
    expect((await fetch(`${origin}/metrics`)).status).toBe(200);
  });
});

describe('a port that cannot be had', () => {
  it('is taken', async () => {
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => other.close(resolve)));
    const options = { port, host: '127.0.0.1', checks: [], log: createFakeLog() };
    const metrics = createMetrics({ servers: [] });
    await expect(startMetricsServer({ ...options, metrics })).rejects.toMatchObject({
      kind: 'unreadable',
      message: `METRICS_PORT ${port} is taken on 127.0.0.1; choose another.`,
    });
  });

  it('is on another machine', async () => {
    const options = { port: 9090, host: '192.0.2.1', checks: [], log: createFakeLog() };
    const metrics = createMetrics({ servers: [] });
    await expect(startMetricsServer({ ...options, metrics })).rejects.toMatchObject({
      kind: 'unreadable',
      message: 'METRICS_HOST 192.0.2.1 is not an address of this machine (EADDRNOTAVAIL).',
    });
  });
});

/** A clock on which what is not ready at once takes all the time; a wait for longer would never end. */
function upTo(limitMs: number): Wait {
  return async (ms) => {
    await new Promise((resolve) => (ms < limitMs ? setImmediate(resolve) : undefined));
  };
}

interface Answered {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Sends the path as it is; fetch would normalise it. */
function send(port: number, method: string, path: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method, path }, (response) => {
      let body = '';
      response.on('data', (part) => (body += String(part)));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
    });
    sent.on('error', reject).end();
  });
}
