import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { parseScrape } from '../adapters/metrics/scrape.ts';
import { startPeer } from '../slack-peer.ts';
import { freePort } from './bot.ts';
import { type Run, runHostcache } from './process.ts';

/** METRICS_PORT and SERVERS_FILE of a running bot, for probes and for the person who sets them up. */

const folder = mkdtempSync(join(tmpdir(), 'hostcache-port-'));

let peer: SlackPeer | null = null;
let run: Run | null = null;

afterEach(async () => {
  run?.child.kill('SIGKILL');
  await run?.ended;
  await peer?.stop();
  run = null;
  peer = null;
});

afterAll(() => rmSync(folder, { recursive: true }));

const SERVERS = `servers:
  - name: db-1
    url: mysql://bot:\${DB_PASS}@127.0.0.1:1
  - name: db-2
    url: mysql://bot:\${DB_PASS}@127.0.0.1:1
    sweep: off
`;

async function begin(change: Readonly<Record<string, string>>, servers = SERVERS): Promise<Run> {
  peer = await startPeer();
  peer.workspace.addChannel({ name: 'ops' });
  writeFileSync(join(folder, 'servers.yml'), servers);
  writeFileSync(join(folder, 'pass'), 's3cret\n');
  const settings = {
    SLACK_API_URL: peer.apiUrl,
    SLACK_BOT_TOKEN: peer.botToken,
    SLACK_APP_TOKEN: peer.appToken,
    SERVERS_FILE: 'servers.yml',
    DB_PASS_FILE: join(folder, 'pass'),
    ALERT_CHANNEL: 'C0OPS',
    LOG_LEVEL: 'fatal',
    ...change,
  };
  run = runHostcache(['start'], settings, { folder });
  return run;
}

it('a prober sees the process, its readiness while Slack goes and comes, and its numbers', async () => {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const started = await begin({ METRICS_PORT: String(port) });
  await started.until(/hostcache is ready/);
  expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  expect((await fetch(`${origin}/readyz`)).status).toBe(200);
  const families = parseScrape(await (await fetch(`${origin}/metrics`)).text());
  const samples = families.get('hostcache_sweep_failures_total')?.samples ?? [];
  expect(samples.map(({ labels }) => labels['server'])).toEqual(['db-1', 'db-2']);

  const slackPort = Number(new URL(peer?.origin ?? '').port);
  await peer?.stop();
  await expect
    .poll(async () => (await fetch(`${origin}/readyz`)).text())
    .toBe('Slack is not connected.\n');
  expect((await fetch(`${origin}/readyz`)).status).toBe(503);
  peer = await startPeer({ port: slackPort });
  await expect.poll(async () => (await fetch(`${origin}/readyz`)).status).toBe(200);
  expect((await fetch(`${origin}/healthz`)).status).toBe(200);

  started.child.kill('SIGTERM');
  expect((await started.ended).code).toBe(0);
});

it('without METRICS_PORT nothing listens', async () => {
  const started = await begin({});
  await started.until(/hostcache is ready/);
  expect(listening(started.child.pid)).toEqual([]);
});

it('HEALTH_FILE is written again and again while the bot runs', async () => {
  const file = join(folder, 'alive');
  const written = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  const started = await begin({ HEALTH_FILE: file });
  await started.until(/hostcache is ready/);
  const first = written();
  expect(first).toMatch(/^\d{4}-\d\d-\d\dT\S+Z\n$/);
  await expect.poll(() => written() > first, { timeout: 20_000 }).toBe(true);
});

/** The TCP ports on which a process listens, from the kernel's table. */
function listening(pid: number | undefined): readonly string[] {
  const sockets = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? [];
    return inode === undefined ? [] : [inode];
  });
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      // 0A = listening.
      .filter((columns) => columns[3] === '0A' && sockets.includes(columns[9] ?? ''))
      .map((columns) => columns[1] ?? ''),
  );
}

it('a port that is taken is one line, exit 3', async () => {
  const port = await freePort();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  const { ended } = await begin({ METRICS_PORT: String(port) });
  const { code, stdout, stderr } = await ended;
  other.close();
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toBe(`METRICS_PORT ${port} is taken on 127.0.0.1; choose another.\n`);
});

it.each([
  {
    name: 'an impossible cron',
    change: { SWEEP_CRON: '0 0 31 2 *' },
    says: ['SWEEP_CRON: expected five or six cron fields, or off, got "0 0 31 2 *": days are'],
  },
  {
    name: 'faults in SERVERS_FILE',
    servers: `servers:\n  - name: Db\n    url: mysql://bot:\${DB_PASS}@db:port\n    pass: s3cret\n`,
    says: ['SERVERS_FILE servers.yml:2: name', 'servers.yml:3: url', 'servers.yml:4: expected'],
  },
  {
    name: 'a SERVERS_FILE that is not there',
    change: { SERVERS_FILE: 'nowhere.yml' },
    says: ['SERVERS_FILE: expected a file that can be read, got ENOENT at nowhere.yml.'],
  },
])('$name: a line each, exit 2', async ({ change = {}, servers, says }) => {
  const { code, stderr } = await (await begin(change, servers)).ended;
  expect(code).toBe(2);
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(says.length);
  for (const [index, line] of lines.entries()) expect(line).toContain(says[index]);
  expect(stderr).not.toMatch(/s3cret/);
});
