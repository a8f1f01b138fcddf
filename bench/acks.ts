// npm run bench: how soon 500 commands at once are acknowledged, while both cores are busy, in socket and in
// HTTP mode, and by a server that only acknowledges: that is the part of it which the peer itself takes.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SlackPeer, startSlackPeer } from '../sandbox/slack/peer.ts';
import { plainText } from '../sandbox/slack/shown.ts';
import { startWorld } from '../sandbox/world.ts';
import { quantile } from './figures.ts';
import { freePort } from './ports.ts';

const COMMANDS = 500;
const PEOPLE = 50;
const BUSY = 2;
const ROUNDS = 2;
const say = (line: string) => process.stdout.write(`${line}\n`);

const world = await startWorld({ flavour: 'mysql', args: ['--max-connections=500'] });
const folder = mkdtempSync(join(tmpdir(), 'hostcache-bench-'));
const spin = 'for (;;) Math.sqrt(2)';
/** Answers each request at once, with nothing. */
const EMPTY = `require('node:http').createServer((request, response) => request.resume().on('end', () => response.end()))
  .listen({ port: process.env.PORT, host: '127.0.0.1', backlog: 4096 }, () => console.log('ready'))`;
const busy = Array.from({ length: BUSY }, () => spawn(process.execPath, ['-e', spin]));
try {
  await world.query("CREATE USER 'app'@'10.%', 'shop'@'shop.example.com'");
  for (let n = 0; n < 20; n += 1) await world.breakHandshakeFrom(`10.0.0.${n + 1}`, 3);
  for (const kind of ['socket', 'http', 'empty'] as const) await measure(kind);
} finally {
  for (const child of busy) child.kill('SIGKILL');
  await world.stop();
  rmSync(folder, { recursive: true });
}
process.exit(0);

async function measure(kind: 'socket' | 'http' | 'empty'): Promise<void> {
  const mode = kind === 'socket' ? 'socket' : 'http';
  const port = await freePort();
  const httpTarget = `http://127.0.0.1:${port}/slack/events`;
  const peer = await startSlackPeer({ mode, httpTarget, deadlineMs: 60_000 });
  const people = Array.from({ length: PEOPLE }, (_, n) =>
    peer.workspace.addUser({ name: `p${n}` }),
  );
  const ids = people.map(({ id }) => id);
  const channel = peer.workspace.addChannel({ name: 'ops', members: ids }).id;
  const bot = await startBot(peer, kind, port);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const acks: number[] = [];
    let failed = 0;
    const asked = new Set<string>();
    const from = peer.workspace.happenings.length;
    const startedAtMs = performance.now();
    await Promise.all(
      Array.from({ length: COMMANDS }, async (_, n) => {
        const line = `/hostcache why 10.0.0.${(n % 20) + 1}`;
        const startedMs = performance.now();
        const { id, failure } = await peer.command(ids[n % PEOPLE] ?? '', channel, line);
        acks.push(performance.now() - startedMs);
        if (failure !== null) failed += 1;
        asked.add(id);
      }),
    );
    const answered = kind === 'empty' ? 0 : await countAnswers(peer, asked, from);
    const tookMs = performance.now() - startedAtMs;
    const [median, high, most] = [0.5, 0.99, 1].map((share) => quantile(acks, share).toFixed(0));
    say(
      `${kind}: ${COMMANDS} commands at once, ${failed} failed, ${answered} answered in ${(tookMs / 1000).toFixed(1)} s; acknowledged: median ${median} ms, 99th percentile ${high} ms, maximum ${most} ms`,
    );
  }
  bot.kill('SIGTERM');
  await peer.stop();
}

/** Waits until every command has its answer, or for three minutes. Reads each happening once, since there are many. */
async function countAnswers(
  { workspace }: SlackPeer,
  asked: ReadonlySet<string>,
  from: number,
): Promise<number> {
  const answered = new Set<string>();
  let read = from;
  for (let wait = 0; wait < 1800 && answered.size < asked.size; wait += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (; read < workspace.happenings.length; read += 1) {
      const happening = workspace.happenings[read];
      const id = happening?.via.interaction ?? '';
      if (happening === undefined || !('ephemeral' in happening) || !asked.has(id)) continue;
      if (/10\.0\.0\./.test(plainText(happening.ephemeral))) answered.add(id);
    }
  }
  return answered.size;
}

async function startBot(peer: SlackPeer, kind: string, port: number): Promise<ChildProcess> {
  const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
  const bot = spawn(process.execPath, kind === 'empty' ? ['-e', EMPTY] : [cli, 'start'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      SLACK_MODE: kind,
      HOST: '127.0.0.1',
      PORT: String(port),
      SLACK_API_URL: peer.apiUrl,
      SLACK_BOT_TOKEN: peer.botToken,
      SLACK_APP_TOKEN: peer.appToken,
      SLACK_SIGNING_SECRET: peer.signingSecret,
      MYSQL_URL: `mysql://root@localhost?socketPath=${encodeURIComponent(world.socketPath)}`,
      DNS_SERVERS: world.dnsServer,
      ALERT_CHANNEL: 'C0OPS',
      SWEEP_CRON: 'off',
      LOG_LEVEL: 'fatal',
    },
  });
  await new Promise((resolve) => bot.stdout?.once('data', resolve));
  return bot;
}
