import { App } from '@slack/bolt';
import type { Commands } from '../../chat/command.ts';
import type { Home } from '../../chat/home.ts';
import type { Log } from '../../chat/log.ts';
import { pause, type Wait, within } from '../../chat/waiting.ts';
import { createAnswering } from './answering.ts';
import type { SlackParts } from './asking.ts';
import { createChat } from './chat.ts';
import { type Connection, clientOptions, createBoltLog, createClient, fetchBy } from './client.ts';
import { createHomeTab } from './home-tab.ts';
import { createHttpReceiver, type HttpOptions, listenFault } from './http.ts';
import { listen } from './listeners.ts';
import type { Proxies } from './outbound.ts';
import { createSocketReceiver } from './socket.ts';
import { type StartStep, untilDone } from './start.ts';

/** The bot's connection to Slack: starts it, and stops it when all answers are sent. Does I/O. */

export interface SlackOptions
  extends Pick<Commands, 'read' | 'refusal'>,
    Pick<SlackParts, 'isFirst'> {
  readonly config: {
    readonly botToken: string;
    readonly transport:
      | { readonly mode: 'socket'; readonly appToken: string }
      | ({ readonly mode: 'http' } & Pick<
          HttpOptions,
          'signingSecret' | 'port' | 'host' | 'limits'
        >);
    /** null = Slack's own. */
    readonly apiUrl: string | null;
    /** Absent or null = none. */
    readonly proxies?: Proxies | null;
  };
  readonly home: Home;
  readonly now: () => Date;
  readonly log: Log;
  /** Tests hand in their own. */
  readonly wait?: Wait;
}

export interface Slack {
  /**
   * Waits out what passes. Rejects as `Unreadable`, in one line, if Slack refuses a token or does not
   * answer at all, or if the port is taken.
   */
  start(): Promise<void>;
  /** Whether Slack can reach the bot now: a socket is open, or the port listens. */
  isConnected(): boolean;
  /** Events that are being answered. */
  inFlight(): number;
  /** Receives nothing more, and waits for answers in progress: 12 s at most. */
  stop(): Promise<void>;
}

const ACKNOWLEDGE_MS = 50;

const DRAIN_MS = 10_000;

/** For each call, so that a hanging call does not delay an answer without end. */
const CALL_MS = 10_000;

/** For calls that a person waits for: a trigger_id opens a modal for three seconds. */
const AT_ONCE = { timeoutMs: 4000, retries: 0 };

export function createSlack(options: SlackOptions): Slack {
  const { config, read, refusal, isFirst, home, now, log, wait = pause } = options;
  const { botToken, apiUrl, proxies = null } = config;
  const send = fetchBy(proxies);
  let isStarted = false;
  const receiver = createReceiver(options);
  const app = new App({
    token: botToken,
    receiver,
    logger: createBoltLog(log, () => !isStarted),
    clientOptions: {
      ...clientOptions(config, { timeoutMs: CALL_MS, retries: 0 }),
      // Bolt's respond() has no time limit of its own.
      fetch: (url, init) => send(url, { signal: AbortSignal.timeout(CALL_MS), ...init }),
    },
    deferInitialization: true,
    convoStore: false,
  });
  const { heard, turn, inTurn } = createAnswering();
  const inFlight = track(app, heard);
  const client = createClient({ ...config, log }, AT_ONCE);
  const tab = createHomeTab({ home, client, now, wait, log });
  const chat = createChat({ ...config, log });
  const readInTurn: Commands['read'] = (line, caller) => {
    const command = read(line, caller);
    return { ...command, run: () => inTurn(command.run) };
  };
  const commands = { read: readInTurn, refusal, turn };
  listen(app, { ...commands, isFirst, log, wait, now, client, apiUrl, proxies, tab, chat });
  app.error(async (error) => {
    log.error('a listener failed', { error });
  });
  const stopping = new AbortController();
  return {
    start: async () => {
      const where = apiUrl ?? 'slack.com';
      const starting = { where, wait, now, signal: stopping.signal, log };
      const [first, second] = startSteps(app, config);
      await untilDone(first, starting);
      isStarted = true;
      await untilDone(second, starting);
    },
    isConnected: receiver.isConnected,
    inFlight: () => inFlight.size,
    stop: async () => {
      stopping.abort();
      // Events that have arrived are acknowledged first; then the receiver stops.
      await pause(ACKNOWLEDGE_MS);
      if (isStarted) await receiver.stop();
      await within(Promise.allSettled([...inFlight]), DRAIN_MS, () => null);
      if (inFlight.size > 0)
        log.error('stopped before all answers were sent', { answers: inFlight.size });
    },
  };
}

function createReceiver({ config, now, log, wait = pause }: SlackOptions): Connection {
  const { transport, apiUrl, proxies } = config;
  switch (transport.mode) {
    case 'socket':
      return createSocketReceiver({ ...transport, apiUrl, proxies: proxies ?? null, log, wait });
    case 'http':
      return createHttpReceiver({ ...transport, now, log });
  }
}

/** The events whose listeners have not finished. */
function track(app: App, heard: () => void): ReadonlySet<Promise<void>> {
  const inFlight = new Set<Promise<void>>();
  app.use(({ next }) => {
    heard();
    const ended = next().finally(() => inFlight.delete(ended));
    inFlight.add(ended);
    return ended;
  });
  return inFlight;
}

function startSteps(
  app: App,
  { transport }: SlackOptions['config'],
): readonly [StartStep, StartStep] {
  return [
    { token: 'SLACK_BOT_TOKEN', method: 'auth.test', run: () => app.init() },
    {
      token: 'SLACK_APP_TOKEN',
      method: 'apps.connections.open',
      run: async () => void (await app.start()),
      fault: (error) => (transport.mode === 'http' ? listenFault(error, transport) : null),
    },
  ];
}
