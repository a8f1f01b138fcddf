// Starts all the parts of the demo: a server with its DNS and network, a Slack workspace, the bot.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SlackPeer, startSlackPeer } from '../slack/peer.ts';
import { startWorld, type World } from '../world.ts';

export interface Stage {
  readonly world: World;
  readonly slack: SlackPeer;
  /** The channel in which everything is said. */
  readonly channel: string;
  /** By first name, in lower case. */
  readonly people: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

/** What the bot may do on the server, and no more: one account reads, the other flushes. */
const GRANTS = [
  "CREATE USER 'hostcache'@'localhost' IDENTIFIED BY 'sandbox'",
  "GRANT PROCESS ON *.* TO 'hostcache'@'localhost'",
  "GRANT SELECT ON performance_schema.host_cache TO 'hostcache'@'localhost'",
  "GRANT SELECT ON performance_schema.error_log TO 'hostcache'@'localhost'",
  `GRANT SELECT (Host, User, plugin, account_locked, password_expired, ssl_type)
    ON mysql.user TO 'hostcache'@'localhost'`,
  "CREATE USER 'hostcache_flush'@'localhost' IDENTIFIED BY 'sandbox'",
  "GRANT DROP ON performance_schema.host_cache TO 'hostcache_flush'@'localhost'",
];

const READY_MS = 30_000;

/** Nobody wants to wait five minutes for the alert of a story. */
const SWEEP_CRON = '*/5 * * * * *';

export async function openStage(say: (line: string) => void): Promise<Stage> {
  say('Starting a MySQL server of its own (the first time, it is unpacked from Debian) …');
  const world = await startWorld({ flavour: 'mysql', progress: say });
  say(`MySQL ${world.version} runs. Starting Slack and the bot …`);
  for (const grant of GRANTS) await world.query(grant);
  const slack = await startSlackPeer();
  const people = new Map(
    ['Alice', 'Bob', 'Carol'].map((name) => [
      name.toLowerCase(),
      slack.workspace.addUser({ name }).id,
    ]),
  );
  const channel = slack.workspace.addChannel({
    name: 'dba',
    members: [...people.values()],
    botIsMember: true,
  }).id;
  const folder = await mkdtemp(join(tmpdir(), 'hostcache-demo-'));
  const bot = await startBot({ world, slack, channel, people }, folder);
  return {
    world,
    slack,
    channel,
    people,
    stop: async () => {
      bot.kill('SIGTERM');
      if (bot.exitCode === null) await once(bot, 'exit');
      await Promise.all([slack.stop(), world.stop(), rm(folder, { recursive: true })]);
    },
  };
}

/** The bot as any user starts it, from these sources. */
async function startBot(
  { world, slack, channel, people }: Omit<Stage, 'stop'>,
  folder: string,
): Promise<ChildProcess> {
  const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
  const socketPath = encodeURIComponent(world.socketPath);
  const bot = spawn(process.execPath, ['--import', 'tsx', cli, 'start'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      ALERT_CHANNEL: channel,
      MYSQL_URL: `mysql://hostcache:sandbox@localhost?socketPath=${socketPath}`,
      MYSQL_FLUSH_URL: `mysql://hostcache_flush:sandbox@localhost?socketPath=${socketPath}`,
      APPROVERS: [...people.values()].join(','),
      SWEEP_CRON,
      STATE_URL: `sqlite:${join(folder, 'state.db')}`,
      DNS_SERVERS: world.dnsServer,
      LOG_LEVEL: 'error',
    },
  });
  const ended = once(bot, 'exit').then(() => 'ended');
  const late = new Promise((resolve) => setTimeout(resolve, READY_MS, 'late').unref());
  // The bot prints one line when it is ready; stdout is a pipe.
  const ready = bot.stdout === null ? late : once(bot.stdout, 'data').then(() => 'ready');
  const state = await Promise.race([ready, ended, late]);
  if (state !== 'ready') throw new Error(`the bot did not start (${String(state)})`);
  return bot;
}
