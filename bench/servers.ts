// npm run bench: the memory and the CPU time of a bot that sweeps a thousand servers.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startSlackPeer } from '../sandbox/slack/peer.ts';
import { startWorld } from '../sandbox/world.ts';

const { values } = parseArgs({ options: { servers: { type: 'string', default: '1000' } } });
const SERVERS = Number(values.servers);
const ROUNDS = 3;
const PORT = 39_117;
/** Of /proc/PID/stat, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const say = (line: string) => process.stdout.write(`${line}\n`);

const world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
await world.query("CREATE USER 'app'@'10.%', 'shop'@'shop.example.com'");
world.dns.host('10.0.0.9', 'h9.example.com');
await world.breakHandshakeFrom('10.0.0.9', 3);
await world.connectFrom('240.0.0.1');
const peer = await startSlackPeer({ deadlineMs: 60_000 });
const alice = peer.workspace.addUser({ name: 'alice' }).id;
const folder = mkdtempSync(join(tmpdir(), 'hostcache-bench-'));
const url = `mysql://root@localhost?socketPath=${encodeURIComponent(world.socketPath)}`;
const servers = Array.from({ length: SERVERS }, (_, n) => {
  const channel = peer.workspace.addChannel({ name: `db-${n}`, members: [alice] }).id;
  return `  - { name: db-${n}, url: '${url}', channel: ${channel} }\n`;
});
writeFileSync(join(folder, 'servers.yml'), `servers:\n${servers.join('')}`);
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const bot = spawn(process.execPath, [cli, 'start'], {
  cwd: folder,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: {
    PATH: process.env['PATH'],
    SERVERS_FILE: 'servers.yml',
    DNS_SERVERS: world.dnsServer,
    SLACK_API_URL: peer.apiUrl,
    SLACK_BOT_TOKEN: peer.botToken,
    SLACK_APP_TOKEN: peer.appToken,
    SWEEP_CRON: '*/20 * * * * *',
    METRICS_PORT: String(PORT),
    LOG_LEVEL: 'error',
    STATE_URL: `sqlite:${join(folder, 'state.db')}`,
  },
});

try {
  // The first round raises two alerts on each server.
  await untilSweeps(SERVERS);
  await untilPosted(2 * SERVERS);
  const before = { cpuMs: cpuMs(), sweeps: await sweeps() };
  await untilSweeps(before.sweeps + ROUNDS * SERVERS);
  const each = (cpuMs() - before.cpuMs) / ((await sweeps()) - before.sweeps);
  say(`${SERVERS} servers: ${each.toFixed(1)} ms of CPU time for each server and sweep`);
  say(`  memory: ${memoryMb('VmRSS')} MB, ${memoryMb('VmHWM')} MB at the peak`);
} finally {
  bot.kill('SIGKILL');
  await peer.stop();
  await world.stop();
  rmSync(folder, { recursive: true });
}
process.exit(0);

async function untilSweeps(wanted: number): Promise<void> {
  while ((await sweeps()) < wanted) await sleep(200);
}

async function untilPosted(wanted: number): Promise<void> {
  while (peer.workspace.messages.length < wanted) await sleep(500);
}

async function sweeps(): Promise<number> {
  try {
    const text = await (await fetch(`http://127.0.0.1:${PORT}/metrics`)).text();
    return Number(/^hostcache_sweep_seconds_count (\d+)$/m.exec(text)?.[1] ?? 0);
  } catch {
    // It does not listen yet.
    return 0;
  }
}

function cpuMs(): number {
  const stat = readFileSync(`/proc/${bot.pid}/stat`, 'utf8');
  // The name before these fields may contain spaces.
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12).map(Number);
  return ((user + system) * 1000) / TICKS_PER_SECOND;
}

function memoryMb(field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${bot.pid}/status`, 'utf8');
  return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
}
