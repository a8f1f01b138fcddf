import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { freePort } from './bot.ts';
import { untilSwept } from './counted.ts';
import type { Run } from './process.ts';
import { type SweptServers, socketUrl, sweptServers } from './swept-servers.ts';

/** Silenced alerts, delayed alerts, and channels that the bot cannot post to, as the person who runs the bot sees them. */

let world: World;
let stage: SweptServers;
let bot: Run | null = null;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query("CREATE USER 'app'@'10.%', 'shop'@'shop.example.com'");
  stage = await sweptServers(world, socketUrl(world), 1);
});

afterEach(async () => {
  bot?.child.kill('SIGKILL');
  await bot?.ended;
});

afterAll(async () => {
  await stage.peer.stop();
  await world.stop();
  rmSync(stage.folder, { recursive: true });
});

async function say(line: string): Promise<string> {
  const { peer, alice, channelOf } = stage;
  const asked = await peer.command(alice, channelOf(0), `/hostcache ${line}`);
  if (asked.failure === null) return (await asked.answer()).text;
  // The bot's sockets take a moved clock for silence and are replaced; a person would ask again.
  await peer.connected();
  return await say(line);
}

it('a silence hides until it ends, a passing DNS fault is not reported, bad input is', async () => {
  const port = await freePort();
  bot = await stage.start(1, { METRICS_PORT: String(port) });
  for (const duration of ['-1h', '10y', '0s', '31d', '1.5h']) {
    const answer = await say(`silence null-host for ${duration} ours`);
    expect(answer).toMatch(new RegExp(`expected "for" and a duration .* got "for ${duration}"`));
    expect(answer.split('\n')).toHaveLength(1);
  }
  await say('silence 240.0.0.0/8 for 1h the scanner is ours');
  await world.connectFrom('240.0.0.1');
  world.dns.ptr('10.0.0.5', 'SERVFAIL');
  await world.connectFrom('10.0.0.5', { user: 'app' });
  world.dns.host('10.0.0.5', 'late.example.com');
  await world.connectFrom('10.0.0.5', { user: 'app' });
  await untilSwept(port, 3);
  expect(stage.roots(0)).toEqual([]);
  expect(await say('silences')).toMatch(/SI-1.*240\.0\.0\.0\/8.*the scanner is ours/s);
  stage.clock.moveTo(new Date(Date.now() + 3_600_000));
  await stage.peer.workspace.until(() => stage.roots(0).length > 0);
  expect(stage.roots(0)).toEqual([expect.stringMatching(/^🔴 Firing: 1 host without a name/)]);
  expect(await say('silences')).toContain('0 silences');

  // A fault that lasts is posted at the second sweep.
  world.dns.ptr('10.0.0.6', 'SERVFAIL');
  await world.connectFrom('10.0.0.6', { user: 'app' });
  await stage.peer.workspace.until(() =>
    /1 host whose DNS lookup fails/.test(stage.roots(0).join()),
  );
});

it.each([
  { name: 'unknown', channel: 'C0NOWHERE', says: /posted: channel C0NOWHERE does not exist/ },
  {
    name: 'without the bot',
    channel: 'C0ALIEN',
    says: /posted: the bot is not in #alien \(C0ALIEN\)/,
  },
])('a channel that is $name: one line at the start', async ({ channel, says }) => {
  const { workspace } = stage.peer;
  if (!workspace.channels.has('C0ALIEN'))
    workspace.addChannel({ name: 'alien', botIsMember: false });
  const settings = { STATE_URL: 'sqlite:other.db', SWEEP_CRON: '0 0 1 1 *' };
  bot = await stage.start(1, settings, channel);
  await bot.until(says);
});
