import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { createPeople } from '../../src/adapters/slack/people.ts';
import { createSlack } from '../../src/adapters/slack/slack.ts';
import { createApp, SUBCOMMANDS } from '../../src/app.ts';
import { createGuard } from '../../src/chat/guard.ts';
import type { Subcommand } from '../../src/chat/subcommand.ts';
import { composeInside } from '../../src/compose/inside.ts';
import { createFakeLog, type Line } from '../chat/fake-subcommand.ts';
import { startPeer } from '../slack-peer.ts';
import { createServerInMemory, type FakeWorld } from './server-in-memory.ts';

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
  operators: readonly string[] = [],
): Promise<Stage> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const peer = await startPeer({ mode, httpTarget: `${address}/slack/events` });
  const alice = peer.workspace.addUser({ name: 'alice' }).id;
  const ops = peer.workspace.addChannel({ name: 'ops', members: [alice] }).id;
  const log = createFakeLog();
  const now = () => new Date();
  const { botToken, appToken, signingSecret, apiUrl } = peer;
  const people = createPeople({ botToken, apiUrl, now, log });
  const guard = createGuard({ operators, people, log });
  const parts = composeInside({
    servers: [createServerInMemory(world)],
    state: null,
    people,
    log,
    now,
  });
  const app = createApp(parts, guard, [...SUBCOMMANDS, ...also]);
  const transport =
    mode === 'socket' ? { mode, appToken } : ({ mode, signingSecret, port } as const);
  const slack = createSlack({
    config: { botToken, apiUrl, transport },
    read: app.read,
    refusal: app.refusal,
    home: app.home,
    now,
    log,
  });
  const started = await slack.start();
  if (started.kind === 'refused') throw new Error(started.why);
  const stop = async () => {
    await slack.stop();
    await peer.stop();
  };
  return { peer, alice, ops, address, logged: log.lines, stop };
}

/** A free port below those that the system hands out by itself: no other test takes it meanwhile. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
