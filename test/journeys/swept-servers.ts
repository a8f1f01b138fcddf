import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import type { World } from '../../sandbox/world.ts';
import { startPeer } from '../slack-peer.ts';
import { type Clock, createClock } from './clock.ts';
import { type Run, runHostcache } from './process.ts';

/** One real server under many names, each with its own channel, and bots that sweep them. */

export interface SweptServers {
  readonly peer: SlackPeer;
  readonly alice: string;
  readonly folder: string;
  /** The clock of the bots. */
  readonly clock: Clock;
  channelOf(place: number): string;
  /** Starts a bot that sweeps the first of them. Resolves when it is ready. */
  start(
    count: number,
    settings?: Readonly<Record<string, string>>,
    /** One channel for all servers, instead of their own. */
    channel?: string,
  ): Promise<Run>;
  /** The visible texts of a channel's root messages. */
  roots(place: number): readonly string[];
  /** The texts in the thread of the channel's first root message that matches, with whole files. */
  thread(place: number, root: RegExp): readonly string[];
}

export async function sweptServers(
  world: Pick<World, 'dnsServer'>,
  url: string | ((place: number) => string),
  count: number,
): Promise<SweptServers> {
  const peer = await startPeer();
  const { workspace } = peer;
  const alice = workspace.addUser({ name: 'alice' }).id;
  const channels = Array.from(
    { length: count },
    (_, place) => workspace.addChannel({ name: `db-${place}`, members: [alice] }).id,
  );
  const folder = mkdtempSync(join(tmpdir(), 'hostcache-swept-'));
  const clock = createClock(folder);
  const urlOf = (place: number) => (typeof url === 'string' ? url : url(place));
  const channelOf = (place: number) => channels[place] ?? '';
  return {
    peer,
    alice,
    folder,
    clock,
    channelOf,
    start: async (started, settings = {}, only = '') => {
      const file = `servers-${started}.yml`;
      const servers = channels.slice(0, started).map((own, place) => {
        const channel = only === '' ? own : only;
        return `  - { name: db-${place}, url: '${urlOf(place)}', channel: ${channel} }\n`;
      });
      writeFileSync(join(folder, file), `servers:\n${servers.join('')}`);
      const run = runHostcache(
        ['start'],
        {
          SERVERS_FILE: file,
          DNS_SERVERS: world.dnsServer,
          SLACK_API_URL: peer.apiUrl,
          SLACK_BOT_TOKEN: peer.botToken,
          SLACK_APP_TOKEN: peer.appToken,
          SWEEP_CRON: '* * * * * *',
          STATE_URL: `sqlite:${join(folder, 'state.db')}`,
          ...clock.environment,
          ...settings,
        },
        { folder },
      );
      await run.until(/hostcache is ready/);
      return run;
    },
    roots: (place) => workspace.roots(channelOf(place)).map(plainText),
    thread: (place, root) => {
      const channel = channelOf(place);
      const first = workspace.roots(channel).find((message) => root.test(plainText(message)));
      return workspace
        .thread(channel, first?.ts ?? '')
        .map((message) => message.files[0]?.content.toString() ?? plainText(message));
    },
  };
}

/** The URL of the reading account through the socket. */
export function socketUrl({ socketPath }: Pick<World, 'socketPath'>): string {
  return `mysql://root@localhost?socketPath=${encodeURIComponent(socketPath)}`;
}
