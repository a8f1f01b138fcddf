// npm run soak -- --minutes 60: sweeps each second, over hosts that come and go, with five commands a second.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Libsql from 'libsql';
import { startDns } from '../sandbox/dns.ts';
import { startSlackPeer } from '../sandbox/slack/peer.ts';
import { plainText } from '../sandbox/slack/shown.ts';
import { createChurningCache, type Kind } from '../test/fakes/churning-cache.ts';
import { startScriptedServer } from '../test/fakes/scripted-mysql.ts';
import { sayTimes } from './figures.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    hosts: { type: 'string', default: '5000' },
    changes: { type: 'string', default: '500' },
    commands: { type: 'string', default: '5' },
    /** Options of Node for the bot, such as --cpu-prof. */
    node: { type: 'string', default: '' },
  },
});
const [minutes, hosts, changes, commands] = [
  Number(values.minutes),
  Number(values.hosts),
  Number(values.changes),
  Number(values.commands),
];

const say = (line: string) => process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'hostcache-soak-'));
const stateFile = join(folder, 'state.db');
const reportFile = join(folder, 'report');
const dns = await startDns();
const peer = await startSlackPeer({ deadlineMs: 60_000 });
const alice = peer.workspace.addUser({ name: 'alice' }).id;
const channel = peer.workspace.addChannel({ name: 'ops', members: [alice] }).id;
const named = (address: string, name: string) => void dns.dns.host(address, name);
const gone = (...names: readonly string[]) => names.forEach(dns.dns.forget);
const cache = createChurningCache({ hosts, named, gone, now: () => new Date() });
const server = await startScriptedServer(cache.script);
const acksMs: number[] = [];
let failures = 0;

const bot = spawn(
  process.execPath,
  [
    ...values.node.split(' ').filter((word) => word !== ''),
    `--import=${fileURLToPath(new URL('loop-report.mjs', import.meta.url))}`,
    fileURLToPath(new URL('../dist/cli.js', import.meta.url)),
    'start',
  ],
  {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      LOOP_REPORT: reportFile,
      LOG_LEVEL: 'warn',
      MYSQL_URL: server.url('bot'),
      ALERT_CHANNEL: channel,
      DNS_SERVERS: dns.address,
      SLACK_API_URL: peer.apiUrl,
      SLACK_BOT_TOKEN: peer.botToken,
      SLACK_APP_TOKEN: peer.appToken,
      SWEEP_CRON: '* * * * * *',
      STATE_URL: `sqlite:${stateFile}`,
    },
  },
);
// A soak that is stopped, or fails, leaves neither the bot nor its files.
process.once('exit', () => {
  bot.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(1));
bot.once('exit', () => process.exit(1));
await new Promise((resolve) => bot.stdout.once('data', resolve));

// A late acknowledgement proves nothing of the bot where this process, the other side, was late itself.
const ownLoop = monitorEventLoopDelay({ resolution: 10 });
ownLoop.enable();
const changing = setInterval(() => {
  cache.churn(changes);
  // What this side remembers would slow it down more than the bot.
  peer.workspace.forget(100);
  dns.dns.clearAsked();
}, 1000);
const asking = setInterval(() => void ask(), 1000 / commands);
for (let minute = 1; minute <= minutes; minute += 1) {
  await sleep(60_000);
  say(`minute ${minute}: ${sayNow()}`);
}
clearInterval(changing);
clearInterval(asking);
// Two sweeps, and the messages that are still to come.
await sleep(15_000);
say(`acknowledgements: ${acksMs.length}, ${failures} failed, ${sayTimes(acksMs)}`);
for (const line of judge()) say(line);
bot.removeAllListeners('exit');
const ended = new Promise((resolve) => bot.once('exit', resolve));
bot.kill('SIGTERM');
await ended;
await Promise.all([server.stop(), peer.stop(), dns.close()]);
process.exit(0);

async function ask(): Promise<void> {
  const address = cache.addressesOf('null-host')[0];
  const lines = ['list blocked', 'status', `why ${address}`, 'help', 'silences'];
  const line = lines[acksMs.length % lines.length];
  const startedMs = performance.now();
  const { failure } = await peer.command(alice, channel, `/hostcache ${line}`);
  acksMs.push(performance.now() - startedMs);
  if (failure !== null) failures += 1;
}

function sayNow(): string {
  const last = readFileSync(reportFile, 'utf8').trim().split('\n').at(-1) ?? '{}';
  const { p50, p99, max, rssMb, cpuS } = JSON.parse(last);
  const latest = Math.max(...acksMs.slice(-60 * commands));
  const ownMaxMs = ownLoop.max / 1e6;
  ownLoop.reset();
  const figures = { p50, p99, max, rssMb, cpuS, stateMb: stateMb(), latestAckMs: latest, ownMaxMs };
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${Number(value).toFixed(1)}`)
    .join(', ');
}

function stateMb(): number {
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return (sizeOf(stateFile) + sizeOf(`${stateFile}-wal`)) / 2 ** 20;
}

/** Compares the open alerts with the server's hosts, and the root messages with the alerts. */
function judge(): readonly string[] {
  const database = new Libsql(stateFile, { readonly: true });
  const rows = database
    .prepare('SELECT id, rule, hosts FROM hostcache_alerts WHERE resolved_at IS NULL')
    .all([]) as { readonly id: string; readonly rule: Kind; readonly hosts: string }[];
  const tables = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'hostcache%'")
    .all([]) as { readonly name: string }[];
  const counts = tables.map(({ name }) => {
    const row = database.prepare(`SELECT count(*) AS rows FROM ${name}`).get([]);
    return `${name.slice('hostcache_'.length)} ${Object(row).rows}`;
  });
  database.close();
  const roots = peer.workspace.roots(channel).map(plainText);
  const kinds: readonly Kind[] = ['blocked-host', 'near-block', 'null-host'];
  return [
    ...kinds.map((kind) => {
      const found = rows.filter(({ rule }) => rule === kind);
      const shown = new Set(
        found.flatMap((row) =>
          JSON.parse(row.hosts).map((host: { address: string }) => host.address),
        ),
      );
      const real = cache.addressesOf(kind);
      const lost = real.filter((address) => !shown.has(address)).length;
      const extra = [...shown].filter((address) => !real.includes(String(address))).length;
      const messages = roots.filter((text) => found.some(({ id }) => text.includes(`${id} `)));
      return `${kind}: ${found.length} alert, ${messages.length} message, ${real.length} hosts, ${lost} lost, ${extra} too many`;
    }),
    `messages in the channel: ${roots.length}; refused by Slack: ${peer.refusals.length}`,
    `rows: ${counts.join(', ')}`,
  ];
}
