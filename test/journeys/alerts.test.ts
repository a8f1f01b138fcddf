import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { hasBlock } from '../../sandbox/slack/has-block.ts';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { startPeer } from '../slack-peer.ts';
import { freePort } from './bot.ts';
import { untilSwept } from './counted.ts';
import { type Run, runHostcache } from './process.ts';

/** Sweeps of a real server by a bot process, with alerts in Slack. */

let world: World;
let peer: SlackPeer;
let alice: string;
let dba: string;
let folder: string;
let bot: Run;
let port: number;

/** Every two seconds, so that the test does not wait for a minute. */
const EVERY = '*/2 * * * * *';

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query("CREATE USER 'jdoe'@'merp.example.com'; CREATE USER 'app'@'10.%'");
});

afterAll(() => world.stop());

beforeEach(async () => {
  world.dns.clear();
  await world.query('TRUNCATE TABLE performance_schema.host_cache');
  peer = await startPeer();
  alice = peer.workspace.addUser({ name: 'alice' }).id;
  dba = peer.workspace.addChannel({ name: 'dba', members: [alice] }).id;
  folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
  await start();
  return async () => {
    bot.child.kill('SIGTERM');
    expect((await bot.ended).code).toBe(0);
    expect([peer.refusals, peer.failures, peer.workspace.broadcasts]).toEqual([[], [], []]);
    await peer.stop();
  };
});

async function start(): Promise<void> {
  port = await freePort();
  const settings = {
    MYSQL_URL: `mysql://root@localhost?socketPath=${encodeURIComponent(world.socketPath)}`,
    DNS_SERVERS: world.dnsServer,
    SLACK_API_URL: peer.apiUrl,
    SLACK_BOT_TOKEN: peer.botToken,
    SLACK_APP_TOKEN: peer.appToken,
    ALERT_CHANNEL: dba,
    SWEEP_CRON: EVERY,
    METRICS_PORT: String(port),
    STATE_URL: `sqlite:${join(folder, 'state.db')}`,
  };
  bot = runHostcache(['start'], settings, { folder });
  await bot.until(/hostcache is ready/);
}

const roots = () => peer.workspace.roots(dba).map(plainText);
const told = (pattern: RegExp) =>
  peer.workspace.until(() => roots().find((text) => pattern.test(text)));

/** The text of the reply in a thread that has a chart, and says so in words. */
const drawn = (pattern: RegExp) =>
  peer.workspace.until(() =>
    peer.workspace.messages
      .filter(({ threadTs, blocks }) => threadTs !== null && hasBlock(CHART)({ blocks }))
      .map(plainText)
      .find((text) => pattern.test(text)),
  );
const CHART = 'data_visualization';

async function breakFrom(address: string): Promise<void> {
  world.dns.host(address, `h${address.replaceAll('.', '-')}.example.com`);
  await world.breakHandshakeFrom(address, 3);
}

it('reports NULL hosts and a blocked one in two messages, a fourth NULL host in the first', async () => {
  await untilSwept(port, 1);
  for (const address of ['240.0.0.1', '240.0.0.2', '240.0.0.3']) await world.connectFrom(address);
  world.dns.host('10.0.0.8', 'healthy.example.com');
  await world.connectFrom('10.0.0.8', { user: 'app' });
  await breakFrom('10.0.0.9');
  await told(/3 hosts without a name on main/);
  await told(/1 blocked host on main[\s\S]*10\.0\.0\.9/);
  await drawn(/10\.0\.0\.9 failed to log in to main 3 times[\s\S]*client went away \(1158\)/);
  const before = peer.workspace.messages.length;
  await untilSwept(port, 3);
  expect(roots()).toHaveLength(2);
  // No message is repeated.
  expect(peer.workspace.messages).toHaveLength(before);
  expect(roots().join('\n')).not.toContain('10.0.0.8');

  await world.connectFrom('240.0.0.4');
  await told(/4 hosts without a name on main[\s\S]*240\.0\.0\.4/);
  expect(roots()).toHaveLength(2);
});

it('says nothing twice after a stop and a start, and after kill -9', async () => {
  await world.connectFrom('240.0.0.1');
  await told(/1 host without a name on main/);
  bot.child.kill('SIGTERM');
  await bot.ended;
  await start();
  await untilSwept(port, 3);
  bot.child.kill('SIGKILL');
  await bot.ended;
  await start();
  await untilSwept(port, 3);
  expect(roots()).toHaveLength(1);
});

it('draws who fails to log in, in the thread of the alert', async () => {
  await untilSwept(port, 1);
  for (const user of ['app', 'app', 'ghost', 'ghost', 'ghost', 'ghost', 'ghost', 'ghost']) {
    await world.connectFrom('10.0.0.6', { user });
  }
  await told(/1 client that fails to log in on main/);
  const text = await drawn(/10\.0\.0\.6 failed to log in to main \d times in the last 24 hours/);
  expect(text).toMatch(/access denied \(1045\): \d times, as ghost \(\d\)/);
  expect(text).toMatch(/Errors per minute \(UTC\)[\s\S]*Peak: \d errors? per minute/);
});

it('resolves by knowledge, with the proof', async () => {
  await breakFrom('10.0.0.9');
  await told(/1 blocked host on main/);
  await world.query('SET GLOBAL max_connect_errors = 100');
  await world.connectFrom('10.0.0.9', { user: 'app' });
  await told(/Resolved: [\s\S]*a login reset its connect errors to 0/);
  await world.query('SET GLOBAL max_connect_errors = 3');
});

it('records that somebody emptied the cache behind us', async () => {
  await breakFrom('10.0.0.9');
  await told(/1 blocked host on main/);
  await world.query('TRUNCATE TABLE performance_schema.host_cache');
  await told(/Resolved: [\s\S]*the host cache was emptied/);
  const history = await peer.command(alice, dba, '/hostcache history');
  expect((await history.answer()).text).toMatch(
    /main: the host cache was emptied without a request here; found by the sweep of/,
  );
});

it('hides what is silenced, counts it, and acknowledges by a click', async () => {
  const silenced = await peer.command(
    alice,
    dba,
    '/hostcache silence 240.0.0.0/8 for 1h the scanner is ours',
  );
  expect((await silenced.answer()).text).toContain('SI-1');
  await world.connectFrom('240.0.0.1');
  await breakFrom('10.0.0.9');
  await told(/1 blocked host/);
  expect(roots()).toHaveLength(1);
  const status = await peer.command(alice, dba, '/hostcache status');
  expect((await status.answer()).text).toMatch(/main .*\|/);
  const [root] = peer.workspace.roots(dba);
  if (root === undefined) throw new Error('no alert was told');
  await peer.click(alice, root, { text: 'Acknowledge' });
  await told(/acknowledged by/);
  const click = await peer.click(alice, root, { text: 'Silence…' });
  const form = await click.opened();
  expect(plainText(form)).toContain('/hostcache silence blocked-host on main');
  await peer.submit(alice, form.id, { for: 'ever', reason: 'known' });
  expect(Object.keys(peer.workspace.modals.get(form.id)?.errors ?? {})).toEqual(['for']);
  await peer.submit(alice, form.id, { for: '2h', reason: 'known' });
  expect((await click.answer()).text).toContain('SI-2: blocked-host on main is silenced.');
  await told(/1 blocked host on main[\s\S]*silenced by +@\S+ +until .*\(SI-2\): known/);
  const listed = await peer.command(alice, dba, '/hostcache silences');
  expect((await listed.answer()).text).toContain('the scanner is ours');
});
