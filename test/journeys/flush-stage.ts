import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PeerOptions, SlackPeer } from '../../sandbox/slack/peer.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import type { World } from '../../sandbox/world.ts';
import { startPeer } from '../slack-peer.ts';
import { type Clock, createClock } from './clock.ts';
import { type Run, runHostcache } from './process.ts';

/** A workspace of five people, two of them approvers, and bots that may flush one server. Each stage has its own accounts. */

export type Person = 'alice' | 'bob' | 'carol' | 'dave' | 'erin';

/** A workspace with bots, for any server. */
export interface BotStage {
  readonly peer: SlackPeer;
  readonly people: Readonly<Record<Person, string>>;
  readonly dba: string;
  readonly settings: Readonly<Record<string, string>>;
  /** The clock of the bots. */
  readonly clock: Clock;
  /** Starts another bot in the stage's folder. */
  start(
    more?: Readonly<Record<string, string>>,
    launch?: Omit<Parameters<typeof runHostcache>[2], 'folder'>,
  ): Promise<Run>;
  /** The output of a terminal command with the bot's settings. */
  inTerminal(words: readonly string[]): Promise<string>;
  /** The text of the first answer. */
  ask(as: Person, line: string): Promise<string>;
  /** Waits for the root message that matches. */
  card(pattern: RegExp): Promise<Card>;
  approve(as: Person, card: Card): ReturnType<SlackPeer['click']>;
  /** The texts in the card's thread, with whole files. */
  thread(card: Card): readonly string[];
  /** Stops the bots that still run. */
  stop(): Promise<void>;
}

export interface FlushStage extends BotStage {
  /** The flush account's name. */
  readonly flusher: string;
  /** The number of flushes that the server has counted. */
  truncates(): Promise<number>;
}

export type Card = ReturnType<SlackPeer['workspace']['roots']>[number];

/** The visible text of a card or another message. */
export { plainText };

export function socketUrl(account: string, world: World, path = ''): string {
  return `mysql://${account}@localhost${path}?socketPath=${encodeURIComponent(world.socketPath)}`;
}

const READER = `GRANT PROCESS ON *.* TO 'reader'@'localhost';
  GRANT SELECT ON performance_schema.host_cache TO 'reader'@'localhost'`;

const ACCOUNTS = {
  mysql: `GRANT SELECT (Host, User, plugin, account_locked, password_expired, ssl_type) ON mysql.user TO 'reader'@'localhost'`,
  mariadb: "GRANT SELECT ON mysql.* TO 'reader'@'localhost'",
};

export async function openFlushStage(
  world: World,
  flusher = 'flusher',
  slack: PeerOptions = {},
): Promise<FlushStage> {
  const urls = await createAccounts(world, flusher);
  return {
    ...(await openBotStage(urls, slack)),
    flusher,
    truncates: async () => {
      const [row] = await world.query(
        `SELECT COALESCE(SUM(COUNT_STAR - SUM_ERRORS), 0) AS done
          FROM performance_schema.events_statements_summary_by_user_by_event_name
          WHERE EVENT_NAME = 'statement/sql/truncate' AND USER = '${flusher}'`,
      );
      return Number(row?.['done']);
    },
  };
}

/** Creates the two accounts of the bot; returns its settings for the server. */
export async function createAccounts(world: World, flusher = 'flusher'): Promise<ServerSettings> {
  await world.query(`CREATE USER IF NOT EXISTS 'reader'@'localhost' IDENTIFIED BY 'read'; ${READER}; ${ACCOUNTS[world.flavour]};
    CREATE USER IF NOT EXISTS '${flusher}'@'localhost' IDENTIFIED BY 'flush';
    GRANT DROP ON performance_schema.host_cache TO '${flusher}'@'localhost'`);
  return {
    MYSQL_URL: socketUrl('reader:read', world),
    MYSQL_FLUSH_URL: socketUrl(`${flusher}:flush`, world),
    DNS_SERVERS: world.dnsServer,
  };
}

type ServerSettings = Readonly<Record<'MYSQL_URL' | 'MYSQL_FLUSH_URL' | 'DNS_SERVERS', string>>;

export async function openBotStage(
  urls: ServerSettings,
  slack: PeerOptions = {},
): Promise<BotStage> {
  const peer = await startPeer(slack);
  const add = (name: string) => peer.workspace.addUser({ name }).id;
  const people = {
    alice: add('alice'),
    bob: add('bob'),
    carol: add('carol'),
    dave: add('dave'),
    erin: add('erin'),
  };
  const dba = peer.workspace.addChannel({ name: 'dba', members: Object.values(people) }).id;
  const folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
  const clock = createClock(folder);
  const settings = {
    ...urls,
    SLACK_API_URL: peer.apiUrl,
    SLACK_BOT_TOKEN: peer.botToken,
    SLACK_APP_TOKEN: peer.appToken,
    ALERT_CHANNEL: dba,
    APPROVERS: `${people.alice},${people.bob}`,
    SWEEP_CRON: 'off',
    STATE_URL: `sqlite:${join(folder, 'state.db')}`,
  };
  const bots: Run[] = [];
  return {
    peer,
    people,
    dba,
    settings,
    clock,
    start: async (more = {}, launch = {}) => {
      const bot = runHostcache(
        ['start'],
        { ...settings, ...clock.environment, ...more },
        { folder, ...launch },
      );
      bots.push(bot);
      await bot.until(/hostcache is ready/);
      return bot;
    },
    inTerminal: async (words) => (await runHostcache(words, settings, { folder }).ended).stdout,
    ask: async (as, line) =>
      (await (await peer.command(people[as], dba, `/hostcache ${line}`)).answer()).text,
    card: (pattern) =>
      peer.workspace.until(() =>
        peer.workspace.roots(dba).find((message) => pattern.test(plainText(message))),
      ),
    approve: (as, card) =>
      peer.click(people[as], card, { text: 'Approve and flush' }, { isStale: true }),
    thread: ({ ts }) =>
      peer.workspace
        .thread(dba, ts)
        .map((message) => message.files[0]?.content.toString() ?? plainText(message)),
    stop: async () => {
      for (const { child } of bots) child.kill('SIGKILL');
      await Promise.all(bots.map(({ ended }) => ended));
      await peer.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
