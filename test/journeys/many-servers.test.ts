import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { freePort } from './bot.ts';
import { sumOf, sweepsOf } from './counted.ts';
import { isLong } from './long.ts';
import type { Run } from './process.ts';
import { type SweptServers, socketUrl, sweptServers } from './swept-servers.ts';

/** Many servers, one of which does not answer: each is swept, with little memory and few connections. */

/** A thousand servers take a minute. With fewer, the cost per server is the same. */
const SERVERS = isLong ? 1000 : 150;
const SILENT = 7;

/** The time limit for a round of a thousand on a busy machine. */
const LONG = { timeout: 280_000 };

let world: World;
let stage: SweptServers;
let bot: Run;
const silent = createServer();
let port = 0;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query("CREATE USER 'app'@'10.%', 'shop'@'shop.example.com'");
  world.dns.host('10.0.0.9', 'h9.example.com');
  await world.breakHandshakeFrom('10.0.0.9', 3);
  await world.connectFrom('240.0.0.1');
  await world.query('FLUSH STATUS');
  const silentPort = await freePort();
  await new Promise<void>((resolve) => silent.listen(silentPort, '127.0.0.1', resolve));
  const [url, silence] = [socketUrl(world), `mysql://bot@127.0.0.1:${silentPort}`];
  stage = await sweptServers(world, (place) => (place === SILENT ? silence : url), SERVERS);
  port = await freePort();
});

afterEach(async () => {
  bot.child.kill('SIGKILL');
  await bot.ended;
});

afterAll(async () => {
  await stage.peer.stop();
  await world.stop();
  silent.close();
  rmSync(stage.folder, { recursive: true });
});

function memoryMb(field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${bot.child.pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
}

it('sweeps all of them, again and again', async () => {
  const startedAtMs = performance.now();
  bot = await stage.start(SERVERS, {
    METRICS_PORT: String(port),
    SWEEP_CRON: isLong ? '*/30 * * * * *' : '*/2 * * * * *',
  });
  const readable = SERVERS - 1;
  await expect.poll(() => sumOf(port, 'hostcache_up'), LONG).toBe(readable);
  const tookMs = performance.now() - startedAtMs;
  expect(await sumOf(port, 'hostcache_blocked_hosts')).toBe(readable);
  expect(await sumOf(port, 'hostcache_null_hosts')).toBe(readable);
  await expect.poll(() => sumOf(port, 'hostcache_alerts_open')).toBe(2 * readable + 1);
  // The silent server delays no other: the next round comes too.
  await expect.poll(() => sweepsOf(port), LONG).toBeGreaterThan(2 * SERVERS);
  const [most] = await world.query("SHOW GLOBAL STATUS LIKE 'Max_used_connections'");
  const connections = Number(most?.['Value']);
  const figures = { SERVERS, tookMs, connections, rss: memoryMb('VmRSS'), peak: memoryMb('VmHWM') };
  if (isLong) process.stdout.write(`${JSON.stringify(figures)}\n`);
  expect(connections).toBeLessThanOrEqual(25);
  expect(figures.peak).toBeLessThan(200);
});
