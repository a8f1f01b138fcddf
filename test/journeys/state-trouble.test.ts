import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import { besideProcess, withReadOnlyDisk, withSmallDisk } from '../../sandbox/world/namespace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { startPeer } from '../slack-peer.ts';
import { freePort } from './bot.ts';
import { type Run, runHostcache } from './process.ts';
import { socketUrl } from './swept-servers.ts';

/** A real bot whose disk fills up, whose file is deleted: people are told, and nothing is lost or doubled. */

const DISK_KB = 8 * 1024;

let world: World;
let peer: SlackPeer;
let channel: string;
let alice: string;
let bot: Run | null = null;
let port = 0;
const folder = mkdtempSync(join(tmpdir(), 'hostcache-disk-'));
const disk = join(folder, 'disk');
const file = join(disk, 'state.db');

beforeAll(async () => {
  mkdirSync(disk);
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query("CREATE USER 'app'@'10.%', 'shop'@'shop.example.com'");
  peer = await startPeer();
  alice = peer.workspace.addUser({ name: 'alice' }).id;
  channel = peer.workspace.addChannel({ name: 'ops', members: [alice] }).id;
  port = await freePort();
});

afterEach(async () => {
  bot?.child.kill('SIGKILL');
  await bot?.ended;
});

afterAll(async () => {
  await peer.stop();
  await world.stop();
  rmSync(folder, { recursive: true });
});

function run(words: readonly string[], through: readonly string[]): Run {
  const settings = {
    MYSQL_URL: socketUrl(world),
    ALERT_CHANNEL: channel,
    DNS_SERVERS: world.dnsServer,
    SLACK_API_URL: peer.apiUrl,
    SLACK_BOT_TOKEN: peer.botToken,
    SLACK_APP_TOKEN: peer.appToken,
    SWEEP_CRON: '* * * * * *',
    STATE_URL: `sqlite:${file}`,
    METRICS_PORT: String(port),
  };
  return runHostcache(words, settings, { folder, through });
}

async function readyz(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  return `${response.status} ${(await response.text()).trim()}`;
}

async function block(address: string): Promise<void> {
  world.dns.host(address, `h${address.split('.').at(-1)}.example.com`);
  await world.breakHandshakeFrom(address, 3);
}

/** The first line of each root message in the channel. */
function roots(): readonly string[] {
  return peer.workspace.roots(channel).map((message) => plainText(message).split('\n')[0] ?? '');
}

/** The texts in the threads of the channel. */
function replies(): string {
  const threads = peer.workspace.roots(channel).flatMap(({ ts }) => {
    return peer.workspace.thread(channel, ts).map(plainText);
  });
  return threads.join('\n');
}

/** The bot's disk, as this process reaches it. */
const seen = (path: string) => `/proc/${bot?.child.pid}/root${path}`;

function fill(): void {
  const filler = seen(join(disk, 'filler'));
  for (const part of [65_536, 4096, 1]) {
    try {
      for (;;) appendFileSync(filler, Buffer.alloc(part));
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    }
  }
}

const BLOCKED = /^🔴 Firing: \d blocked hosts? on main$/;
const TROUBLE = /^🔴 Firing: hostcache cannot write its state on /;

it('a full disk, then a deleted file', async () => {
  bot = run(['start'], withSmallDisk(disk, DISK_KB));
  await bot.until(/hostcache is ready/);
  await block('10.0.0.7');
  await expect.poll(roots).toEqual([expect.stringMatching(BLOCKED)]);
  expect(await readyz()).toBe('200 hostcache is ready.');

  fill();
  const full = `STATE_URL: the disk of ${file} is full`;
  await expect.poll(readyz).toMatch(`503 ${full}`);
  await block('10.0.0.8');
  await expect
    .poll(roots)
    .toEqual([expect.stringMatching(BLOCKED), expect.stringMatching(TROUBLE)]);
  expect(bot.said.stderr).toContain('the state cannot be written');
  const command = await peer.command(alice, channel, '/hostcache why 10.0.0.8');
  await command.answer(/blocked/);
  const silence = await peer.command(alice, channel, '/hostcache silence main for 1h test');
  await silence.answer(/is full/);
  const doctor = run(['doctor'], besideProcess(bot.child.pid ?? 0));
  expect(await doctor.ended).toMatchObject({ code: 3, stdout: expect.stringContaining(full) });
  expect(replies()).not.toContain('10.0.0.8');

  rmSync(seen(join(disk, 'filler')));
  await expect.poll(readyz).toBe('200 hostcache is ready.');
  await expect.poll(replies).toMatch(/Resolved: hostcache can write its state on .* again\./);
  await expect.poll(replies).toContain('10.0.0.8');
  expect(roots()).toEqual(['🔴 Firing: 2 blocked hosts on main', expect.stringMatching(TROUBLE)]);
  expect(replies().match(/New: 10\.0\.0\.8/g)).toHaveLength(1);

  rmSync(seen(file));
  const removed = `STATE_URL: ${file} was removed after hostcache opened it; put it back`;
  await expect.poll(readyz).toContain(`503 ${removed}`);
  await expect.poll(() => roots().filter((line) => TROUBLE.test(line))).toHaveLength(2);
  expect(peer.refusals).toEqual([]);
});

it('a read-only state is refused at the start, and by doctor', async () => {
  const says = `STATE_URL: ${file} cannot be written; check owner and mode of file and folder.`;
  bot = run(['start'], []);
  await bot.until(/hostcache is ready/);
  bot.child.kill('SIGTERM');
  await bot.ended;
  const refused = ['start', 'doctor'].map((word) => run([word], withReadOnlyDisk(disk)).ended);
  for (const { code, stdout, stderr } of await Promise.all(refused)) {
    expect(code).toBe(3);
    expect(`${stdout}${stderr}`).toContain(says);
  }
});
