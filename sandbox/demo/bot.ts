// Starts the bot from the sources as its own process, and stops it. Does I/O.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grantOf } from '../../src/adapters/mysql/grants.ts';
import { readerNeeds } from '../../src/adapters/mysql/reader-needs.ts';
import { releaseOf } from '../../src/hostcache/release.ts';
import { parseVersion } from '../../src/hostcache/settings.ts';
import type { SlackPeer } from '../slack/peer.ts';
import type { World } from '../world.ts';

/** The statements that doctor prints: they create the reading account and the flush account. */
export function grantsOn({ version }: Pick<World, 'version'>): readonly string[] {
  const release = parseVersion(version, '');
  if (release === null) throw new Error(`cannot parse the server's version ${version}`);
  const settings = { ...release, performanceSchema: true, readOnly: false };
  const { flush } = releaseOf(settings);
  return [
    `CREATE USER ${READER} IDENTIFIED BY 'sandbox'`,
    ...readerNeeds(settings).flatMap((need) => need.grant(READER)),
    `CREATE USER ${FLUSHER} IDENTIFIED BY 'sandbox'`,
    grantOf({ flush, account: FLUSHER }),
  ];
}

const READER = "'hostcache'@'localhost'";
const FLUSHER = "'hostcache_flush'@'localhost'";

const READY_MS = 120_000;

/** Every five seconds, so that the alert of the story comes soon. */
const SWEEP_CRON = '*/5 * * * * *';

export interface BotParts {
  readonly world: World;
  readonly slack: SlackPeer;
  readonly channel: string;
  readonly approvers: readonly string[];
  /** The folder of the bot's state. */
  readonly folder: string;
}

/** Rejects when the bot ends or is not ready within READY_MS. */
export async function startBot(parts: BotParts): Promise<ChildProcess> {
  const { world, slack, channel, approvers, folder } = parts;
  const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
  const socketPath = encodeURIComponent(world.socketPath);
  // The kernel ends the bot when this process dies, even by SIGKILL.
  const command = ['--pdeathsig', 'TERM', process.execPath, '--import', 'tsx', cli, 'start'];
  const bot = spawn('setpriv', command, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      ALERT_CHANNEL: channel,
      MYSQL_URL: `mysql://hostcache:sandbox@localhost?socketPath=${socketPath}`,
      MYSQL_FLUSH_URL: `mysql://hostcache_flush:sandbox@localhost?socketPath=${socketPath}`,
      APPROVERS: approvers.join(','),
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
  if (state === 'ready') return bot;
  await stopBot(bot);
  throw new Error(`the bot did not start (${String(state)})`);
}

export async function stopBot(bot: ChildProcess): Promise<void> {
  if (bot.exitCode !== null || bot.signalCode !== null) return;
  const ended = once(bot, 'exit');
  bot.kill('SIGTERM');
  await ended;
}
