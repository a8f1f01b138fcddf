// npm run bench: HTTP mode under floods of connections: the bot's memory, and how soon Slack's commands are acknowledged.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SlackPeer, startSlackPeer } from '../sandbox/slack/peer.ts';
import { quantile, timed } from './figures.ts';
import { freePort } from './ports.ts';

const PHASE_MS = 6_000;
const COMMAND_EVERY_MS = 100;
const say = (line: string) => process.stdout.write(`${line}\n`);

/** What one connection of an attacker sends at first, and then every 100 ms until it is closed. */
interface Attack {
  readonly name: string;
  readonly connections: number;
  readonly start: string;
  readonly drip: string;
}

const now = () => Math.floor(Date.now() / 1000);
const head = (length: number) =>
  [
    'POST /slack/events HTTP/1.1',
    'host: bot',
    'content-type: application/json',
    `x-slack-request-timestamp: ${now()}`,
    `x-slack-signature: v0=${'0'.repeat(64)}`,
    `content-length: ${length}`,
    '\r\n',
  ].join('\r\n');

const ATTACKS: readonly Attack[] = [
  { name: 'silent', connections: 1000, start: '', drip: '' },
  {
    name: 'half a head',
    connections: 1000,
    start: 'POST /slack/events HTTP/1.1\r\nx: ',
    drip: 'x',
  },
  { name: 'slow bodies', connections: 1000, start: head(1_000_000), drip: 'x' },
  {
    name: 'unfinished megabytes',
    connections: 1000,
    start: head(1_000_000) + 'x'.repeat(999_000),
    drip: 'x',
  },
  {
    name: 'forged megabytes',
    connections: 50,
    start: head(900_000) + 'x'.repeat(900_000),
    drip: '',
  },
  {
    name: 'no signature',
    connections: 1000,
    start: 'POST / HTTP/1.1\r\nhost: x\r\n\r\n',
    drip: '',
  },
];

const [, , portOfBot, ...names] = process.argv;
if (portOfBot === undefined) await measureAll();
else flood(Number(portOfBot), names);

/** Runs in a process of its own: keeps all connections open, and reopens each that is closed. */
function flood(port: number, attacks: readonly string[]): void {
  for (const attack of ATTACKS.filter(({ name }) => attacks.includes(name))) {
    const open = new Set<Socket>();
    const dial = () => {
      const socket = connect(port, '127.0.0.1', () => socket.write(attack.start));
      open.add(socket);
      socket.on('error', () => undefined).resume();
      socket.on('close', () => {
        open.delete(socket);
        dial();
      });
    };
    for (let n = 0; n < attack.connections; n += 1) dial();
    if (attack.drip !== '')
      setInterval(() => {
        for (const socket of open) if (!socket.connecting) socket.write(attack.drip);
      }, 100);
  }
}

async function measureAll(): Promise<void> {
  const port = await freePort();
  const peer = await startSlackPeer({
    mode: 'http',
    httpTarget: `http://127.0.0.1:${port}/slack/events`,
  });
  const folder = mkdtempSync(join(tmpdir(), 'hostcache-bench-'));
  const bot = await startBot(peer, port, folder);
  try {
    await measure(bot, peer, 'quiet', () => []);
    const before = memoryMb(bot);
    for (const { name } of ATTACKS) await measure(bot, peer, name, () => [attack(port, [name])]);
    const both = ['half a head', 'slow bodies'];
    await measure(bot, peer, 'half a head and slow bodies', () => [attack(port, both)]);
    say(`resident memory before all floods ${before} MB, after them ${memoryMb(bot)} MB`);
  } finally {
    bot.kill('SIGKILL');
    await peer.stop();
    rmSync(folder, { recursive: true });
  }
  process.exit(0);
}

function attack(port: number, attacks: readonly string[]): ChildProcess {
  return fork(fileURLToPath(import.meta.url), [String(port), ...attacks]);
}

async function measure(
  bot: ChildProcess,
  peer: SlackPeer,
  name: string,
  begin: () => readonly ChildProcess[],
): Promise<void> {
  const before = memoryMb(bot);
  const attackers = begin();
  let peak = before;
  let failed = 0;
  const times: number[] = [];
  const commands: Promise<void>[] = [];
  const untilMs = performance.now() + PHASE_MS;
  while (performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, COMMAND_EVERY_MS));
    peak = Math.max(peak, memoryMb(bot));
    commands.push(
      timed(async () => {
        const { failure } = await peer.command('U0ALICE', 'C0OPS', '/hostcache help');
        if (failure !== null) failed += 1;
      }).then((ms) => void times.push(ms)),
    );
  }
  await Promise.all(commands);
  for (const attacker of attackers) attacker.kill('SIGKILL');
  // What the kernel still holds of them is read before the next flood.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const [median, high, most] = [0.5, 0.99, 1].map((share) => quantile(times, share).toFixed(0));
  const acks = `acknowledged: median ${median} ms, 99th percentile ${high} ms, maximum ${most} ms`;
  say(`${name}: ${times.length} commands, ${failed} failed; ${acks}; memory +${peak - before} MB`);
}

async function startBot(peer: SlackPeer, port: number, folder: string): Promise<ChildProcess> {
  peer.workspace.addUser({ name: 'alice' });
  peer.workspace.addChannel({ name: 'ops', members: ['U0ALICE'] });
  const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
  const bot = spawn(process.execPath, [cli, 'start'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      SLACK_MODE: 'http',
      HOST: '127.0.0.1',
      PORT: String(port),
      SLACK_API_URL: peer.apiUrl,
      SLACK_BOT_TOKEN: peer.botToken,
      SLACK_SIGNING_SECRET: peer.signingSecret,
      MYSQL_URL: 'mysql://bot:none@127.0.0.1:1',
      ALERT_CHANNEL: 'C0OPS',
      SWEEP_CRON: 'off',
      LOG_LEVEL: 'fatal',
    },
  });
  await new Promise((resolve) => bot.stdout?.once('data', resolve));
  return bot;
}

/** Resident memory. */
function memoryMb({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
