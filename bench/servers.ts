// npm run bench: the memory and the CPU time of a bot that sweeps a thousand servers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startSlackPeer } from '../sandbox/slack/peer.ts';
import { startWorld } from '../sandbox/world.ts';

const { values } = parseArgs({
  options: {
    servers: { type: 'string', default: '1000' },
    /** Options of Node for the bot, such as --cpu-prof, or those of docs/deploy.md for little memory. */
    node: { type: 'string', default: '' },
  },
});
const SERVERS = Number(values.servers);
const ROUNDS = 3;
/** The limit of each step. */
const STEP_LIMIT_MS = 300_000;
/** Each sweep reads the cache once. */
const SWEEPS = `SELECT COUNT_STAR AS sweeps FROM performance_schema.events_statements_summary_by_digest
  WHERE DIGEST_TEXT LIKE 'SELECT * FROM %host_cache_'`;
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
const options = values.node.split(' ').filter((word) => word !== '');
const bot = spawn(process.execPath, [...options, cli, 'start'], {
  cwd: folder,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: {
    PATH: process.env['PATH'],
    MALLOC_ARENA_MAX: process.env['MALLOC_ARENA_MAX'],
    SERVERS_FILE: 'servers.yml',
    DNS_SERVERS: world.dnsServer,
    SLACK_API_URL: peer.apiUrl,
    SLACK_BOT_TOKEN: peer.botToken,
    SLACK_APP_TOKEN: peer.appToken,
    SWEEP_CRON: '*/20 * * * * *',
    LOG_LEVEL: 'error',
    STATE_URL: `sqlite:${join(folder, 'state.db')}`,
  },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
// The world ends with this process, but the bot would not.
process.on('exit', () => bot.kill('SIGKILL'));

try {
  // The first round raises two alerts on each server.
  await until('sweeps of the first round', SERVERS, sweeps);
  await until('messages of the first round', 2 * SERVERS, () => peer.workspace.messages.length);
  const before = { cpuMs: cpuMs(), sweeps: await sweeps() };
  await until('sweeps that are measured', before.sweeps + ROUNDS * SERVERS, sweeps);
  const each = (cpuMs() - before.cpuMs) / ((await sweeps()) - before.sweeps);
  say(`${SERVERS} servers: ${each.toFixed(1)} ms of CPU time for each server and sweep`);
  say(`  memory: ${memoryMb('VmRSS')} MB, ${memoryMb('VmHWM')} MB at the peak`);
} finally {
  if (bot.exitCode === null && bot.signalCode === null) {
    bot.kill('SIGTERM');
    await once(bot, 'exit');
  }
  await peer.stop();
  await world.stop();
  rmSync(folder, { recursive: true });
}
process.exit(0);

/** Rejects if it takes too long. */
async function until(
  what: string,
  wanted: number,
  counted: () => number | Promise<number>,
): Promise<void> {
  const endsMs = performance.now() + STEP_LIMIT_MS;
  for (let seconds = 1; ; seconds += 1) {
    const found = await counted();
    if (seconds % 10 === 0 || found >= wanted) say(`  ${what}: ${found} of ${wanted}`);
    if (found >= wanted) return;
    if (bot.exitCode !== null) throw new Error(`the bot ended with ${bot.exitCode}`);
    if (performance.now() > endsMs)
      throw new Error(`expected ${wanted} ${what} within ${STEP_LIMIT_MS / 1000} s, got ${found}`);
    await sleep(1000);
  }
}

/** As the server counts them; asking the bot would add to what is measured. */
async function sweeps(): Promise<number> {
  const [row] = await world.query(SWEEPS);
  return Number(row?.['sweeps'] ?? 0);
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
