import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import type { World } from '../../sandbox/world.ts';
import { startPeer } from '../slack-peer.ts';
import { type Clock, createClock } from './clock.ts';
import { type Run, runHostcache } from './process.ts';

/** One real server under many names, each with a channel of its own, and bots that sweep them. */

export interface SweptServers {
  readonly peer: SlackPeer;
  readonly alice: string;
  readonly folder: string;
  /** Of the bots. */
  readonly clock: Clock;
  channelOf(place: number): string;
  /** A bot that sweeps the first so many of them; resolves when it is ready. */
  start(
    count: number,
    settings?: Readonly<Record<string, string>>,
    /** For all of them, instead of their own. */
    channel?: string,
  ): Promise<Run>;
  /** The root messages of a channel, as people read them. */
  roots(place: number): readonly string[];
  /** What stands in the thread of a channel's first root message with such words; a file whole. */
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

/** Of the reading account through the socket. */
export function socketUrl({ socketPath }: Pick<World, 'socketPath'>): string {
  return `mysql://root@localhost?socketPath=${encodeURIComponent(socketPath)}`;
}
