import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { mysqlUrl } from '../servers/stage.ts';
import { startPeer } from '../slack-peer.ts';
import { runHostcache } from './process.ts';

/** Follows "Set it up" in the README literally: then doctor finds no error and the bot starts. */

const ROOT = join(import.meta.dirname, '../..');

const SERVERS = [
  {
    name: 'MySQL',
    flavour: 'mysql',
    args: [],
    reader: '-- MySQL 8.0.22',
    flusher: '-- The second account\n',
  },
  {
    name: 'MariaDB',
    flavour: 'mariadb',
    args: ['--performance-schema=ON'],
    reader: '-- MariaDB: ',
    flusher: '-- The second account\n',
  },
  {
    name: 'MariaDB, read only',
    flavour: 'mariadb',
    args: ['--performance-schema=ON', '--read-only=ON'],
    reader: '-- MariaDB: ',
    flusher: '-- The second account where FLUSH LOCAL HOSTS',
  },
] as const;

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) await each.stop();
});

it.each(SERVERS)('$name', async ({ flavour, args, reader, flusher }) => {
  const world = await startWorld({ flavour, args });
  const peer = await startPeer();
  const folder = await mkdtemp(join(tmpdir(), 'hostcache-set-up-'));
  started.push(world, peer, { stop: () => rm(folder, { recursive: true }) });
  for (const beginning of [reader, flusher]) await world.query(await readmeBlock(beginning));
  await writeFile(join(folder, '.env'), await filledIn(world, peer));

  const doctor = await runHostcache(['doctor', '--json'], {}, { folder }).ended;
  const ills = doctor.stdout.split('\n').filter((line) => !/^$|"level":"green"/.test(line));
  expect({ ills, stderr: doctor.stderr, code: doctor.code }).toEqual({
    ills: [],
    stderr: '',
    code: 0,
  });

  const bot = runHostcache(['start'], {}, { folder });
  await bot.until(/hostcache is ready/);
  bot.child.kill('SIGTERM');
  expect((await bot.ended).code).toBe(0);
});

it('gives the answer that the README begins with', async () => {
  const world = await startWorld({ flavour: 'mysql' });
  const folder = await mkdtemp(join(tmpdir(), 'hostcache-answer-'));
  started.push(world, { stop: () => rm(folder, { recursive: true }) });
  await world.query("CREATE USER 'shop'@'shop.example.com'");
  await world.connectFrom('240.221.242.64');
  world.dns.host('240.221.242.64', 'shop.example.com');
  const settings = { MYSQL_URL: mysqlUrl(world, 'root'), DNS_SERVERS: world.dnsServer };
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const [, line = '', told = ''] = /^ {4}\$ hostcache (.*)\n((?: {4}.*\n|\n)+)/m.exec(readme) ?? [];

  const { stdout } = await runHostcache(line.split(' '), settings, { folder }).ended;
  const plain = (text: string) =>
    text.replace(/^ +/gm, '').replace(/\d{4}-\S+ \S+(?= UTC)/g, 'then');
  expect(plain(stdout)).toContain(plain(told).trim());
});

/** The README's statements that begin like this, for an account of this machine. */
async function readmeBlock(beginning: string): Promise<string> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const blocks = readme.split('```sql\n').map((part) => part.split('```')[0]?.trimStart() ?? '');
  const block = blocks.find((text) => text.startsWith(beginning));
  if (block === undefined) throw new Error(`no statements in the README begin by ${beginning}`);
  return block.replaceAll('<address of the bot>', 'localhost').replaceAll('…', 'secret');
}

/** .env.example, filled in as the README says; the Slack peer and the scripted DNS replace the real ones. */
async function filledIn(world: World, peer: SlackPeer): Promise<string> {
  const { workspace, botToken, appToken, apiUrl } = peer;
  const [alice, bob] = ['Alice', 'Bob'].map((name) => workspace.addUser({ name }).id);
  const channel = workspace.addChannel({ name: 'dba', botIsMember: true });
  const given: Readonly<Record<string, string>> = {
    SLACK_BOT_TOKEN: botToken,
    SLACK_APP_TOKEN: appToken,
    SLACK_API_URL: apiUrl,
    ALERT_CHANNEL: channel.id,
    MYSQL_URL: mysqlUrl(world, 'hostcache:secret'),
    MYSQL_FLUSH_URL: mysqlUrl(world, 'hostcache_flush:secret'),
    APPROVERS: `${alice},${bob}`,
    DNS_SERVERS: world.dnsServer,
  };
  const example = await readFile(join(ROOT, '.env.example'), 'utf8');
  return example.replace(/^([A-Z_]+)=.*$/gm, (line, name: string) =>
    given[name] === undefined ? line : `${name}=${given[name]}`,
  );
}
