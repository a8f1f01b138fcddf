import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { addMinutes } from 'date-fns/addMinutes';
import Libsql from 'libsql';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/slack/faults.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import type { Run } from './process.ts';
import { type SweptServers, socketUrl, sweptServers } from './swept-servers.ts';

/** kill -9 at every point of a sweep or a delivery: each alert has one root message, and nothing is lost. */

let world: World;
let stage: SweptServers | null = null;
let bot: Run | null = null;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query("CREATE USER 'app'@'10.%', 'shop'@'shop.example.com'");
  world.dns.host('10.0.0.8', 'healthy.example.com');
  await world.connectFrom('10.0.0.8', { user: 'app' });
});

afterAll(() => world.stop());

afterEach(async () => {
  bot?.child.kill('SIGKILL');
  await bot?.ended;
  await stage?.peer.stop();
  if (stage !== null) rmSync(stage.folder, { recursive: true });
});

let hosts = 0;

/** Adds a host without a name, so that every alert about such hosts is edited. */
async function addNullHost(): Promise<void> {
  hosts += 1;
  await world.connectFrom(`240.0.0.${hosts}`);
}

interface Point {
  readonly name: string;
  /**
   * Resolves when the bot has reached the point, with a function that undoes the obstacle after the
   * kill. `place` is the index of a server that no bot has swept yet.
   */
  reach(on: SweptServers, place: number): Promise<() => unknown>;
}

const POST = 'chat.postMessage';
const FILE = 'files.completeUploadExternal';

/** A call to Slack, with or without effect, whose answer does not come before the bot is killed. */
function atCall(method: string, when: 'before' | 'after', act = addNullHost): Point['reach'] {
  return async ({ peer, channelOf, roots }, place) => {
    const channel = channelOf(place);
    const isEdit = act === addNullHost && method !== FILE;
    if (isEdit) await expect.poll(() => roots(place).length).toBe(1);
    const fault: Fault = { kind: 'silence', when };
    const isThere = (sent: unknown) => JSON.stringify(sent).includes(channel);
    const silence = peer.fail({ method, fault, where: isThere });
    if (isEdit) await act();
    await expect.poll(silence.hits).toBeGreaterThan(0);
    return silence.stop;
  };
}

const questions = () => world.dns.asked.filter(({ asker }) => asker === 'bot').length;

const isFile = (words: string) => words.startsWith('address,name,');

const nothing = async () => undefined;

/** Resolves when a sweep of that server is in progress. */
async function untilSweeping({ folder }: SweptServers, place: number): Promise<void> {
  const state = new Libsql(join(folder, 'state.db'), { readonly: true });
  const held = state.prepare('SELECT count(*) AS count FROM hostcache_leases WHERE name = ?');
  const isHeld = () => Number(Object(held.get(`sweep db-${place}`)).count) > 0;
  await expect.poll(isHeld, { interval: 1 }).toBe(true);
  state.close();
}

const POINTS: readonly Point[] = [
  { name: 'a root that was not taken', reach: atCall(POST, 'before', nothing) },
  { name: 'a root that was taken', reach: atCall(POST, 'after', nothing) },
  { name: 'a file that was not taken', reach: atCall(FILE, 'before', nothing) },
  { name: 'a file that was taken', reach: atCall(FILE, 'after', nothing) },
  { name: 'an edit that was not taken', reach: atCall('chat.update', 'before') },
  { name: 'an edit that was taken', reach: atCall('chat.update', 'after') },
  { name: 'a reply that was taken', reach: atCall(POST, 'after') },
  {
    name: 'a server that does not answer',
    reach: async (on, place) => {
      await world.signal('SIGSTOP');
      await untilSweeping(on, place);
      return () => world.signal('SIGCONT');
    },
  },
  {
    name: 'questions to DNS',
    reach: async () => {
      await addNullHost();
      world.dns.outage('SERVFAIL', { delayMs: 400, to: 'bot' });
      const asked = questions();
      await expect.poll(questions).toBeGreaterThan(asked);
      return () => world.dns.outage(null, { to: 'bot' });
    },
  },
  {
    name: 'soon after the first tick',
    reach: async (on, place) => {
      await untilSweeping(on, place);
      return () => undefined;
    },
  },
];

it(`at ${POINTS.length} points`, async () => {
  // More than fit in a table, so that each root message has a file in its thread.
  while (hosts < 11) await addNullHost();
  const on = await sweptServers(world, socketUrl(world), POINTS.length);
  stage = on;
  for (const [place, { reach }] of POINTS.entries()) {
    bot = await on.start(place + 1);
    const fix = await reach(on, place);
    bot.child.kill('SIGKILL');
    await bot.ended;
    await fix();
  }
  // The threads name new hosts every 15 minutes.
  on.clock.moveTo(addMinutes(new Date(), 16));
  bot = await on.start(POINTS.length);
  // The leases of a killed process expire within half a minute.
  const last = new RegExp(`^🔴 Firing: ${hosts} hosts without a name on`);
  for (const place of POINTS.keys()) {
    await expect.poll(() => on.roots(place)).toEqual([expect.stringMatching(last)]);
  }
  for (const [place, { name }] of POINTS.entries()) {
    const replies = () => on.thread(place, last).filter((words) => !isFile(words));
    const files = () => on.thread(place, last).filter(isFile);
    // The root messages show the last change; its reply and its file may still be in progress.
    await expect
      .poll(
        () =>
          files()
            .at(-1)
            ?.match(/^240\./gm),
        { message: name },
      )
      .toHaveLength(hosts);
    // A file for the root message, and one for each posted change; those that waited are merged.
    expect(files().length, name).toBeLessThanOrEqual(replies().length + 1);
    const news = replies().flatMap((words) => words.match(/240\.0\.0\.\d+/g) ?? []);
    expect(new Set(news).size, name).toBe(news.length);
  }
  expect(bot.said.stderr).not.toContain('gave up on a post');
  expect(on.peer.refusals).toEqual([]);
});
