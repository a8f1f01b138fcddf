import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { parseScrape } from '../adapters/metrics/scrape.ts';
import { freePort } from './bot.ts';
import { isLong } from './long.ts';
import type { Run } from './process.ts';
import { type SweptServers, socketUrl, sweptServers } from './swept-servers.ts';

/** Sweeps while Slack turns most posts away and loses answers; and while an answer is asked for. */

const SERVERS = 6;

let world: World;
let stage: SweptServers;
let bot: Run;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query("CREATE USER 'app'@'10.%'");
  stage = await sweptServers(world, socketUrl(world), SERVERS);
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

it('tells every alert once, and answers meanwhile', async () => {
  const { peer, alice, channelOf } = stage;
  const port = await freePort();
  bot = await stage.start(SERVERS, { METRICS_PORT: String(port) });
  const method = /^chat\./;
  const storm = [
    peer.fail({ method, fault: { kind: 'rate-limited', retryAfterS: 1 }, share: 0.6 }),
    peer.fail({ method, fault: { kind: 'http-error', status: 500, when: 'after' }, share: 0.5 }),
  ];
  world.dns.host('10.0.0.9', 'h9.example.com');
  await world.breakHandshakeFrom('10.0.0.9', 3);
  for (let n = 1; n <= 5; n += 1) {
    await world.connectFrom(`240.0.0.${n}`);
    const askedAtMs = performance.now();
    const question = await peer.command(alice, channelOf(0), '/hostcache why 240.0.0.1 on db-0');
    await question.answer(/240\.0\.0\.1/);
    expect(performance.now() - askedAtMs).toBeLessThan(2000);
    await sleep(isLong ? 12_000 : 2000);
  }
  expect(Math.min(...storm.map(({ hits }) => hits()))).toBeGreaterThan(3);
  const scraped = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const counted = parseScrape(scraped).get('hostcache_slack_rate_limited_total')?.samples[0]?.value;
  expect(counted).toBeGreaterThan(3);
  for (const { stop } of storm) stop();
  for (let place = 0; place < SERVERS; place += 1) {
    await expect
      .poll(() =>
        stage
          .roots(place)
          .map((text) => text.split('\n')[0])
          .toSorted(),
      )
      .toEqual([`1 blocked host on db-${place}`, `5 hosts without a name on db-${place}`]);
    const root = /without a name/;
    const isWhole = () => /240\.0\.0\.5/.test(stage.thread(place, root).join('\n'));
    await expect.poll(isWhole).toBe(true);
    const news = stage.thread(place, root).flatMap((text) => text.match(/240\.0\.0\.\d/g) ?? []);
    expect(news).toEqual([...new Set(news)]);
  }
  expect(peer.refusals).toEqual([]);
});
