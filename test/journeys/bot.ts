import { createServer } from 'node:net';
import { type SlackPeer, startSlackPeer } from '../../sandbox/slack/peer.ts';
import { createSlack } from '../../src/adapters/slack/slack.ts';
import { createApp } from '../../src/app.ts';
import type { Subcommand } from '../../src/chat/subcommand.ts';
import { createFakeLog, type Line } from '../chat/fake-subcommand.ts';
import { createFakeTarget, type FakeWorld } from './fake-target.ts';

/** The bot in this process, before a Slack of our own: everything real but MySQL and DNS. */

export interface Stage {
  readonly peer: SlackPeer;
  readonly alice: string;
  readonly ops: string;
  /** Where the bot listens in HTTP mode: `http://127.0.0.1:PORT`. */
  readonly address: string;
  readonly logged: readonly Line[];
  stop(): Promise<void>;
}

export type Mode = 'socket' | 'http';

export async function startBot(
  mode: Mode,
  world: FakeWorld = {},
  also: readonly Subcommand[] = [],
): Promise<Stage> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const peer = await startSlackPeer({ mode, httpTarget: `${address}/slack/events` });
  const alice = peer.workspace.addUser({ name: 'alice' }).id;
  const ops = peer.workspace.addChannel({ name: 'ops', members: [alice] }).id;
  const log = createFakeLog();
  const now = () => new Date();
  const app = createApp({ targets: [createFakeTarget(world)], now, log, also });
  const { botToken, appToken, signingSecret, apiUrl } = peer;
  const transport =
    mode === 'socket' ? { mode, appToken } : ({ mode, signingSecret, port } as const);
  const slack = createSlack({ config: { botToken, apiUrl, transport }, answer: app.run, now, log });
  const started = await slack.start();
  if (started.kind === 'refused') throw new Error(started.why);
  const stop = async () => {
    await slack.stop();
    await peer.stop();
  };
  return { peer, alice, ops, address, logged: log.lines, stop };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return address.port;
}
