import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { freePort } from './bot.ts';
import { sweepsOf } from './counted.ts';
import type { Run } from './process.ts';
import { type SweptServers, socketUrl, sweptServers } from './swept-servers.ts';

/** Two bots on one MySQL state, one of which is killed: each episode has one root message. */

let world: World;
let stateWorld: World;
let stage: SweptServers | null = null;
const bots: Run[] = [];

beforeAll(async () => {
  [world, stateWorld] = await Promise.all([
    startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] }),
    startWorld({ flavour: 'mysql' }),
  ]);
  await world.query("CREATE USER 'app'@'10.%', 'shop'@'shop.example.com'");
  await stateWorld.query('CREATE DATABASE hostcache_state');
});

afterAll(async () => {
  await Promise.all([world.stop(), stateWorld.stop()]);
});

afterEach(async () => {
  for (const bot of bots) bot.child.kill('SIGKILL');
  await Promise.all(bots.map(({ ended }) => ended));
  await stage?.peer.stop();
  if (stage !== null) rmSync(stage.folder, { recursive: true });
});

const SERVERS = 5;

/** Blocks one host, and connects another one without a name: two episodes on each server. */
async function trouble(): Promise<void> {
  world.dns.host('10.0.0.9', 'h9.example.com');
  await world.breakHandshakeFrom('10.0.0.9', 3);
  await world.connectFrom('240.0.0.1');
}

/** From the metrics of the bots. */
async function sweepsOfAll(ports: readonly number[]): Promise<number> {
  return (await Promise.all(ports.map(sweepsOf))).reduce((total, count) => total + count, 0);
}

it('ten episodes, over fifty sweeps', async () => {
  const on = await sweptServers(world, socketUrl(world), SERVERS);
  stage = on;
  const state = socketUrl(stateWorld).replace('localhost?', 'localhost/hostcache_state?');
  const ports: number[] = [];
  const start = async () => {
    const port = await freePort();
    ports.push(port);
    return on.start(SERVERS, { STATE_URL: state, METRICS_PORT: String(port) });
  };
  const [one, two] = await Promise.all([start(), start()]);
  bots.push(one, two);
  await expect.poll(() => sweepsOfAll(ports)).toBeGreaterThan(2 * SERVERS);
  await trouble();
  // In the middle: some root messages are posted, others are in progress.
  await on.peer.workspace.until(() => on.roots(0).length > 0);
  one.child.kill('SIGKILL');
  await one.ended;
  await world.connectFrom('240.0.0.2');
  bots.push(await start());

  const places = Array.from({ length: SERVERS }, (_, place) => place);
  const rootsOf = (place: number) =>
    on
      .roots(place)
      .map((text) => text.split('\n')[0])
      .toSorted();
  for (const place of places) {
    await expect
      .poll(() => rootsOf(place))
      .toEqual([
        `🔴 Firing: 1 blocked host on db-${place}`,
        `🔴 Firing: 2 hosts without a name on db-${place}`,
      ]);
  }
  // There are no counts from the killed bot.
  await expect.poll(() => sweepsOfAll(ports.slice(1))).toBeGreaterThan(50);
  await world.query('TRUNCATE TABLE performance_schema.host_cache');
  for (const place of places) {
    await expect
      .poll(() => rootsOf(place))
      .toEqual([
        expect.stringMatching(/^✅ Resolved: blocked host/),
        expect.stringMatching(/^✅ Resolved: hosts? without a name/),
      ]);
    const replies = on.thread(place, /blocked/);
    const charts = replies.filter((text) => text.includes('Errors per minute'));
    // The bot that was killed may have stored the alert without its chart.
    expect(charts.length).toBeLessThanOrEqual(1);
    expect(replies.length - charts.length).toBe(1);
  }
  const [row] = await stateWorld.query(
    'SELECT COUNT(*) AS alerts FROM hostcache_state.hostcache_alerts',
  );
  expect(Number(row?.['alerts'])).toBe(2 * SERVERS);
  expect(on.peer.refusals).toEqual([]);
});
