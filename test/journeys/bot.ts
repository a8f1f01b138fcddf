import { createServer } from 'node:net';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { GUARD_MS } from '../../src/adapters/slack/listeners.ts';
import { createPeople } from '../../src/adapters/slack/people.ts';
import { PATIENCE_MS } from '../../src/adapters/slack/send-reply.ts';
import { createSlack } from '../../src/adapters/slack/slack.ts';
import { createApp, SUBCOMMANDS } from '../../src/app.ts';
import { createGuard } from '../../src/chat/guard.ts';
import type { Subcommand } from '../../src/chat/subcommand.ts';
import { pause, type Wait } from '../../src/chat/waiting.ts';
import { composeInside } from '../../src/compose/inside.ts';
import { createFakeLog, type Line } from '../chat/fake-subcommand.ts';
import { startPeer } from '../slack-peer.ts';
import { createTargetInMemory, type FakeWorld } from './target-in-memory.ts';

/** Runs the bot in this process with the Slack peer: only MySQL and DNS are fakes. */

export interface Stage {
  readonly peer: SlackPeer;
  readonly alice: string;
  readonly ops: string;
  /** The bot's address in HTTP mode: `http://127.0.0.1:PORT`. */
  readonly address: string;
  readonly logged: readonly Line[];
  stop(): Promise<void>;
}

export type Mode = 'socket' | 'http';

export interface BotOptions extends FakeWorld {
  /** When it resolves, people who still wait for an answer or a form get a placeholder; default never. */
  readonly patience?: Promise<void>;
  /** Every other wait; default: real time. */
  readonly pause?: Wait;
  /** Default: the machine's clock. */
  readonly now?: () => Date;
  /** Whether a mention is not known to other processes; default: none is. */
  readonly isFirst?: (what: string, minutes: number) => Promise<boolean>;
  /** The time limit of one query to Slack about a person, in milliseconds. */
  readonly peopleMs?: number;
}

/** `opened` resolves when `open` is called. */
export function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

export async function startBot(
  mode: Mode,
  options: BotOptions = {},
  also: readonly Subcommand[] = [],
  operators: readonly string[] = [],
): Promise<Stage> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const peer = await startPeer({ mode, httpTarget: `${address}/slack/events` });
  const alice = peer.workspace.addUser({ name: 'alice' }).id;
  const ops = peer.workspace.addChannel({ name: 'ops', members: [alice] }).id;
  const log = createFakeLog();
  const { botToken, appToken, signingSecret, apiUrl } = peer;
  const { patience = new Promise<void>(() => undefined), now = () => new Date() } = options;
  const { peopleMs: timeoutMs = 60_000, pause: others = pause } = options;
  const wait: Wait = (ms, signal) =>
    ms === PATIENCE_MS || ms === GUARD_MS ? patience : others(ms, signal);
  const people = createPeople({ botToken, apiUrl, now, timeoutMs, log });
  const guard = createGuard({ operators, people, log });
  const parts = composeInside({
    targets: [createTargetInMemory(options)],
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
    isFirst: options.isFirst ?? (async () => true),
    home: app.home,
    now,
    log,
    wait,
  });
  await slack.start();
  const stop = async () => {
    await slack.stop();
    await peer.stop();
  };
  return { peer, alice, ops, address, logged: log.lines, stop };
}

/** The next port in this process's own range, below the system's ephemeral ports. */
let nextPort = 10_000 + (process.pid % 400) * 50;

/** A free port that no other test will use. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort++;
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
