import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { startPeer } from '../slack-peer.ts';
import { type Run, runHostcache } from './process.ts';

/** A flush by two people on real parts: a bot process, and MySQL with the reading account and the flush account. */

let world: World;
let peer: SlackPeer;
let bot: Run;
let people: Record<'alice' | 'bob' | 'carol' | 'guest', string>;
let dba: string;
let folder: string;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query(`
    CREATE USER 'jdoe'@'merp.example.com', 'app'@'10.%';
    CREATE USER 'reader'@'localhost' IDENTIFIED BY 'read';
    GRANT PROCESS ON *.* TO 'reader'@'localhost';
    GRANT SELECT ON performance_schema.host_cache TO 'reader'@'localhost';
    GRANT SELECT (Host, User, plugin, account_locked, password_expired, ssl_type) ON mysql.user TO 'reader'@'localhost';
    CREATE USER 'flusher'@'localhost' IDENTIFIED BY 'flush';
    GRANT DROP ON performance_schema.host_cache TO 'flusher'@'localhost'`);
});

afterAll(() => world.stop());

beforeEach(async () => {
  world.dns.clear();
  await world.query('TRUNCATE TABLE performance_schema.host_cache');
  await world.query(
    'TRUNCATE TABLE performance_schema.events_statements_summary_by_user_by_event_name',
  );
  peer = await startPeer();
  const add = (name: string, isRestricted = false) =>
    peer.workspace.addUser({ name, isRestricted }).id;
  people = { alice: add('alice'), bob: add('bob'), carol: add('carol'), guest: add('guest', true) };
  dba = peer.workspace.addChannel({ name: 'dba', members: Object.values(people) }).id;
  folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
  await start();
  return async () => {
    bot.child.kill('SIGTERM');
    expect((await bot.ended).code).toBe(0);
    expect([peer.refusals, peer.workspace.broadcasts]).toEqual([[], []]);
    await peer.stop();
  };
});

async function start(): Promise<void> {
  const socket = encodeURIComponent(world.socketPath);
  const settings = {
    MYSQL_URL: `mysql://reader:read@localhost?socketPath=${socket}`,
    MYSQL_FLUSH_URL: `mysql://flusher:flush@localhost?socketPath=${socket}`,
    DNS_SERVERS: world.dnsServer,
    SLACK_API_URL: peer.apiUrl,
    SLACK_BOT_TOKEN: peer.botToken,
    SLACK_APP_TOKEN: peer.appToken,
    ALERT_CHANNEL: dba,
    APPROVERS: `${people.alice},${people.bob}`,
    SWEEP_CRON: 'off',
    STATE_URL: `sqlite:${join(folder, 'state.db')}`,
  };
  bot = runHostcache(['start'], settings, { folder });
  await bot.until(/hostcache is ready/);
}

async function ask(as: string, line: string): Promise<string> {
  return (await (await peer.command(as, dba, `/hostcache ${line}`)).answer()).text;
}

const card = (pattern: RegExp) =>
  peer.workspace.until(() =>
    peer.workspace.roots(dba).find((message) => pattern.test(plainText(message))),
  );

async function truncates(): Promise<number> {
  const [row] = await world.query(
    `SELECT COALESCE(SUM(COUNT_STAR - SUM_ERRORS), 0) AS done
      FROM performance_schema.events_statements_summary_by_user_by_event_name
      WHERE EVENT_NAME = 'statement/sql/truncate' AND USER = 'flusher'`,
  );
  return Number(row?.['done']);
}

async function entries(): Promise<number> {
  const [row] = await world.query('SELECT COUNT(*) AS n FROM performance_schema.host_cache');
  return Number(row?.['n']);
}

it('flushes once when a second person approves, and keeps the evidence', async () => {
  await world.connectFrom('240.221.242.64');
  world.dns.host('240.221.242.64', 'merp.example.com');
  expect(await ask(people.alice, 'flush DNS is fixed <!channel>')).toContain('FR-1');
  const shown = await card(/Approval needed/);
  expect(plainText(shown)).toContain('It cures: 240.221.242.64');
  expect(plainText(shown)).toContain('DNS is fixed <!channel>');

  // The requester by click and by command, a guest, and a person who is not an approver.
  const own = await peer.click(people.alice, shown, { text: 'Approve and flush' });
  const toOneself = (await own.answer()).text;
  expect(toOneself).toContain('a second person');
  expect(toOneself).toContain('by hand: TRUNCATE TABLE performance_schema.host_cache;');
  expect(await ask(people.alice, 'approve FR-1')).toContain('Approve and flush');
  const guest = await peer.click(people.guest, shown, { text: 'Approve and flush' });
  expect((await guest.answer()).text).toContain('guests may not');
  const carol = await peer.click(people.carol, shown, { text: 'Approve and flush' });
  expect((await carol.answer()).text).toContain('not an approver');
  expect(await truncates()).toBe(0);

  await peer.click(people.bob, shown, { text: 'Approve and flush' });
  const done = await card(/Flushed: flush main/);
  expect(plainText(done)).toContain('The cache was emptied: 1 entry before, 0 now.');
  expect(plainText(done)).not.toContain('Approve and flush');
  expect(await truncates()).toBe(1);
  expect(await entries()).toBe(0);
  const kept = await peer.workspace.until(() =>
    peer.workspace.messages.find(({ files }) => files.length > 0),
  );
  const [file] = kept.files;
  expect(file?.content.toString()).toMatch(/^IP,HOST,[\s\S]*240\.221\.242\.64/);
  expect(await world.connectFrom('240.221.242.64')).toMatchObject({ outcome: 'admitted' });
  const late = await peer.click(
    people.bob,
    shown,
    { text: 'Approve and flush' },
    { isStale: true },
  );
  expect((await late.answer()).text).toContain('already decided');
  expect(await ask(people.carol, 'history')).toMatch(/FR-1 main: flushed/);
});

it('lets exactly one of a hundred clicks decide', async () => {
  await world.connectFrom('240.221.242.64');
  await ask(people.carol, 'flush a race');
  const shown = await card(/Approval needed/);
  const clickers = [people.alice, people.bob, people.carol, people.guest];
  const clicks = Array.from({ length: 100 }, (_, n) =>
    peer.click(
      clickers[n % 4] ?? people.alice,
      shown,
      { text: 'Approve and flush' },
      { isStale: true },
    ),
  );
  await Promise.all(clicks);
  await card(/Flushed: flush main/);
  expect(await truncates()).toBe(1);
});

it('asks again when a host was blocked that the card did not list', async () => {
  await ask(people.alice, 'flush all quiet');
  const shown = await card(/Approval needed/);
  world.dns.host('10.0.0.66', 'attacker.example.com');
  await world.breakHandshakeFrom('10.0.0.66', 3);
  await peer.click(people.bob, shown, { text: 'Approve and flush' });
  await card(/Superseded/);
  const replacement = await card(/Approval needed[\s\S]*10\.0\.0\.66/);
  expect(plainText(replacement)).toContain('FR-2');
  expect(await truncates()).toBe(0);
});

it('is off, and says how to fix it, while the account may do more than flush', async () => {
  await world.query("GRANT SELECT ON mysql.user TO 'flusher'@'localhost'");
  const text = await ask(people.alice, 'flush with a strong account');
  expect(text).toContain('may do more than flush');
  expect(text).toContain('GRANT DROP ON performance_schema.host_cache');
  await world.query("REVOKE SELECT ON mysql.user FROM 'flusher'@'localhost'");
});
