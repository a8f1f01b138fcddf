import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { addMinutes } from 'date-fns/addMinutes';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/slack/faults.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { SEED } from '../chance.ts';
import { freePort } from './bot.ts';
import { sumOf, untilSwept } from './counted.ts';
import { isLong } from './long.ts';
import type { Run } from './process.ts';
import { type SweptServers, socketUrl, sweptServers } from './swept-servers.ts';

/** Sweeps while Slack refuses most posts and loses answers; commands are still answered. */

const SERVERS = 6;

let world: World;
let stage: SweptServers;
let bot: Run;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query("CREATE USER 'app'@'10.%', 'shop'@'shop.example.com'");
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

it(`posts every alert once, and answers meanwhile (seed ${SEED})`, async () => {
  const { peer, alice, channelOf } = stage;
  const port = await freePort();
  bot = await stage.start(SERVERS, { METRICS_PORT: String(port) });
  const method = /^chat\./;
  const limit: Fault = { kind: 'rate-limited', retryAfterS: 1 };
  const flood = peer.fail({ method, fault: limit });
  world.dns.host('10.0.0.9', 'h9.example.com');
  await world.breakHandshakeFrom('10.0.0.9', 3);
  // No alert is posted yet, but commands are answered.
  await expect.poll(flood.hits).toBeGreaterThanOrEqual(SERVERS);
  const question = await peer.command(alice, channelOf(0), '/hostcache why 10.0.0.9 on db-0');
  await question.answer(/10\.0\.0\.9/);
  expect(peer.workspace.messages).toEqual([]);

  const loss: Fault = { kind: 'http-error', status: 500, when: 'after' };
  const storm = [
    peer.fail({ method, fault: limit, share: 0.6, times: 24, seed: SEED }),
    peer.fail({ method, fault: loss, share: 0.5, times: 8, seed: SEED + 1 }),
  ];
  flood.stop();
  for (let n = 1; n <= 5; n += 1) {
    await world.connectFrom(`240.0.0.${n}`);
    await untilSwept(port, 2 * SERVERS);
    if (isLong) await sleep(12_000);
  }
  await expect.poll(() => storm.map(({ hits }) => hits())).toEqual([24, 8]);
  expect(await sumOf(port, 'hostcache_slack_rate_limited_total')).toBeGreaterThan(SERVERS);
  // The threads name new hosts every 15 minutes.
  stage.clock.moveTo(addMinutes(new Date(), 16));
  for (let place = 0; place < SERVERS; place += 1) {
    await expect
      .poll(() =>
        stage
          .roots(place)
          .map((text) => text.split('\n')[0])
          .toSorted(),
      )
      .toEqual([
        `🔴 Firing: 1 blocked host on db-${place}`,
        `🔴 Firing: 5 hosts without a name on db-${place}`,
      ]);
    const root = /without a name/;
    const isWhole = () => /240\.0\.0\.5/.test(stage.thread(place, root).join('\n'));
    await expect.poll(isWhole).toBe(true);
    const news = stage.thread(place, root).flatMap((text) => text.match(/240\.0\.0\.\d/g) ?? []);
    expect(news).toEqual([...new Set(news)]);
  }
  expect(peer.refusals).toEqual([]);
});
