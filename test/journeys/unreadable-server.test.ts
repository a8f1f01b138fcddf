import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { freePort } from './bot.ts';
import { untilSwept } from './counted.ts';
import { isLong } from './long.ts';
import type { Run } from './process.ts';
import { type SweptServers, sweptServers } from './swept-servers.ts';

/** A server over TCP that hangs, refuses, is full and comes back: the alert says so and concludes nothing else. */

let world: World;
let stage: SweptServers;
let bot: Run;

beforeAll(async () => {
  world = await startWorld({
    flavour: 'mysql',
    network: 'loopback',
    outsidersFrom: '127.0.0.77',
    args: ['--max-connect-errors=3', '--max-connections=20'],
  });
  await world.query("CREATE USER bot IDENTIFIED BY 'x'; GRANT SELECT, PROCESS ON *.* TO bot");
  await world.query("CREATE USER 'app'@'10.%'");
  world.dns.host('127.0.0.77', 'bot.example.com');
  stage = await sweptServers(world, `mysql://bot:x@127.0.0.1:${world.port}`, 1);
});

afterEach(async () => {
  bot.child.kill('SIGKILL');
  await bot.ended;
});

afterAll(async () => {
  await stage.peer.stop();
  await world.stop();
  rmSync(stage.folder, { recursive: true });
});

const root = (pattern: RegExp) =>
  stage.peer.workspace.until(() => stage.roots(0).find((text) => pattern.test(text)));

function residentMb(): number {
  const status = readFileSync(`/proc/${bot.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

async function botSessions(): Promise<number> {
  const [row] = await world.query(
    "SELECT COUNT(*) AS sessions FROM information_schema.processlist WHERE user IN ('bot', 'unauthenticated user')",
  );
  return Number(row?.['sessions']);
}

async function killBotSessions(): Promise<void> {
  const rows = await world.query(
    "SELECT id FROM information_schema.processlist WHERE user = 'bot'",
  );
  for (const { id } of rows) await world.query(`KILL ${Number(id)}`);
}

it('is reported, resolves nothing else, and costs nothing', async () => {
  const port = await freePort();
  bot = await stage.start(1, { METRICS_PORT: String(port) });
  world.dns.host('10.0.0.9', 'h9.example.com');
  await world.breakHandshakeFrom('10.0.0.9', 3);
  await root(/^🔴 Firing: 1 blocked host/);
  const before = residentMb();

  await world.signal('SIGSTOP');
  await root(/^🔴 Firing: The server cannot be read/);
  await untilSwept(port, 3);
  if (isLong) await sleep(60_000);
  await world.signal('SIGCONT');
  await root(/^✅ Resolved: .*read/);
  expect(await botSessions()).toBe(1);
  await root(/^🔴 Firing: 1 blocked host/);

  for (const n of [1, 2, 3, 4]) world.dns.host(`10.1.0.${n}`, `app${n}.example.com`);
  const held = await Promise.all(
    [1, 2, 3, 4].map((n) => world.openFrom(`10.1.0.${n}`, { user: 'app' })),
  );
  await world.query('SET GLOBAL max_connections = 4');
  await killBotSessions();
  await root(/^🔴 Firing: The server cannot be read[\s\S]*\(1040\)/);
  await root(/^🔴 Firing: 1 blocked host/);
  await world.query('SET GLOBAL max_connections = 20');
  for (const session of held) await session.close();
  await root(/^✅ Resolved: .*read/);
  expect(await botSessions()).toBe(1);

  await world.stopServer();
  await root(/^🔴 Firing: The server cannot be read/);
  await untilSwept(port, 3);
  await root(/^🔴 Firing: 1 blocked host/);
  await world.startServer();
  await root(/^✅ Resolved: .*read/);
  // A restarted server has an empty cache, which is a known fact.
  await root(/^✅ Resolved: blocked host/);
  expect(await botSessions()).toBe(1);
  const [own] = await world.query(
    "SELECT COALESCE(SUM(SUM_CONNECT_ERRORS), 0) AS errors FROM performance_schema.host_cache WHERE IP = '127.0.0.77'",
  );
  expect(Number(own?.['errors'])).toBe(0);
  expect(residentMb() - before).toBeLessThan(40);
  expect(stage.roots(0)).toHaveLength(2);
});
