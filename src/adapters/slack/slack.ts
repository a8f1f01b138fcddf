import { App, webApi } from '@slack/bolt';
import type { Commands } from '../../chat/command.ts';
import type { Home } from '../../chat/home.ts';
import type { Log } from '../../chat/log.ts';
import { codeOf, createUnreadable } from '../../chat/unreadable.ts';
import { pause, type Wait, within } from '../../chat/waiting.ts';
import type { SlackParts } from './asking.ts';
import { createChat } from './chat.ts';
import {
  type Connection,
  clientOptions,
  createBoltLog,
  createClient,
  type Token,
  tokenAdvice,
} from './client.ts';
import { createHomeTab } from './home-tab.ts';
import { createHttpReceiver } from './http.ts';
import { listen } from './listeners.ts';
import { createSocketReceiver } from './socket.ts';

/** The bot's connection to Slack: starts it, and stops it when all answers are sent. Does I/O. */

export interface SlackOptions
  extends Pick<Commands, 'read' | 'refusal'>,
    Pick<SlackParts, 'isFirst'> {
  readonly config: {
    readonly botToken: string;
    readonly transport:
      | { readonly mode: 'socket'; readonly appToken: string }
      | { readonly mode: 'http'; readonly signingSecret: string; readonly port: number };
    /** null = Slack's own. */
    readonly apiUrl: string | null;
  };
  readonly home: Home;
  readonly now: () => Date;
  readonly log: Log;
  /** Tests hand in their own. */
  readonly wait?: Wait;
}

export interface Slack {
  /** Rejects as `Unreadable`, in one line, if Slack or the port refuses. */
  start(): Promise<void>;
  /** Whether Slack can reach the bot now: a socket is open, or the port listens. */
  isConnected(): boolean;
  /** Receives nothing more, and waits for answers in progress: 12 s at most. */
  stop(): Promise<void>;
}

/** Otherwise start() would hang on a token without connections:write or an unreachable Slack. */
const START_MS = 30_000;

const ACKNOWLEDGE_MS = 50;

const DRAIN_MS = 10_000;

/** For each call, so that a hanging call does not delay an answer without end. */
const CALL_MS = 10_000;

/** For calls that a person waits for: a trigger_id opens a modal for three seconds. */
const AT_ONCE = { timeoutMs: 4000, retries: 0 };

export function createSlack(options: SlackOptions): Slack {
  const { config, read, refusal, isFirst, home, now, log, wait = pause } = options;
  const { botToken, apiUrl } = config;
  const receiver = createReceiver(options);
  const app = new App({
    token: botToken,
    receiver,
    logger: createBoltLog(log),
    clientOptions: {
      ...clientOptions(apiUrl, { timeoutMs: CALL_MS, retries: 3 }),
      // Bolt's respond() has no time limit of its own.
      fetch: (url, init) => fetch(url, { signal: AbortSignal.timeout(CALL_MS), ...init }),
    },
    deferInitialization: true,
    convoStore: false,
  });
  const inFlight = track(app);
  const client = createClient({ botToken, apiUrl, log }, AT_ONCE);
  const tab = createHomeTab({ home, client, now, wait, log });
  const chat = createChat({ botToken, apiUrl, log });
  listen(app, { read, refusal, isFirst, log, wait, now, client, apiUrl, tab, chat });
  app.error(async (error) => {
    log.error('a listener failed', { error });
  });
  let isStarted = false;
  return {
    start: async () => {
      const steps = async () => {
        try {
          await app.init();
          isStarted = true;
          await app.start();
        } catch (error) {
          const token = isStarted ? 'SLACK_APP_TOKEN' : 'SLACK_BOT_TOKEN';
          throw createUnreadable(startFault(error, token, config), error);
        }
      };
      await within(steps(), START_MS, () => {
        const where = apiUrl ?? 'slack.com';
        throw createUnreadable(`Slack did not answer at ${where} within ${START_MS / 1000} s.`);
      });
    },
    isConnected: receiver.isConnected,
    stop: async () => {
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
  const { transport, apiUrl } = config;
  switch (transport.mode) {
    case 'socket':
      return createSocketReceiver({ ...transport, apiUrl, log, wait });
    case 'http':
      return createHttpReceiver({ ...transport, now, log });
  }
}

/** The events whose listeners have not finished. */
function track(app: App): ReadonlySet<Promise<void>> {
  const inFlight = new Set<Promise<void>>();
  app.use(({ next }) => {
    const ended = next().finally(() => inFlight.delete(ended));
    inFlight.add(ended);
    return ended;
  });
  return inFlight;
}

function startFault(
  error: unknown,
  token: Token,
  { transport, apiUrl }: SlackOptions['config'],
): string {
  const code = codeOf(error);
  if (transport.mode === 'http' && (code === 'EADDRINUSE' || code === 'EACCES')) {
    const reason = code === 'EACCES' ? 'may not be used by this user' : 'is taken';
    return `PORT ${transport.port} ${reason}; choose another.`;
  }
  if (error instanceof webApi.WebAPIPlatformError) {
    const { error: refusal } = error.data;
    return `Slack refused ${token}: ${refusal}. ${tokenAdvice(token, refusal)}`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `Slack did not answer at ${apiUrl ?? 'slack.com'}: ${reason}`;
}
