import { type App, type Logger, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../chat/log.ts';
import { pause, within } from '../../chat/waiting.ts';
import { clientOptions } from './client.ts';

/**
 * Socket Mode over two lines behind one Receiver. Slack recycles every connection now and then,
 * and a command that finds none open is lost; so there is always another, and whatever is told to
 * go is replaced before it has gone.
 */

export interface SocketOptions {
  readonly appToken: string;
  /** null: Slack's own. */
  readonly apiUrl: string | null;
  readonly logger: Logger;
  readonly log: Log;
}

/** Slack sends each envelope to one of up to ten connections. */
const LINES = 2;

/**
 * By this the socket client tells itself of each message; private, so package.json pins the exact
 * version of @slack/socket-mode, and a test fails where the client does so no more.
 */
export const MESSAGE_EVENT = 'ws_message';

/** From asking for an address to Slack's hello. */
const HELLO_MS = 15_000;

/** What came over a socket is acknowledged over that socket, and Slack waits so long for it. */
const ACKNOWLEDGE_MS = 3000;

/** A connection that did not live so long was no connection. */
const SHORT_LIFE_MS = 300;

const BACKOFF = { firstMs: 500, factor: 1.5, lastMs: 15_000 };

/** Slack answers a close frame late or never (node-slack-sdk #2752). */
const CLOSE_MS = 2000;

export function createSocketReceiver(
  options: SocketOptions,
): Receiver & { isConnected(): boolean } {
  let lines: readonly Line[] = [];
  return {
    isConnected: () => lines.some((line) => line.isOpen()),
    init: (app) => {
      lines = Array.from({ length: LINES }, () => createLine(app, options));
    },
    /** Rejects as Slack refuses the app token, or does not answer. */
    start: async () => {
      const [first, ...others] = lines;
      await first?.open();
      // With one line open the bot works; the others try by themselves, and never reject.
      for (const line of others) void line.keepOpen();
    },
    stop: async () => {
      await Promise.all(lines.map((line) => line.close()));
    },
  };
}

interface Line {
  /** One try; from then on the line is kept open. Rejects where the first try fails. */
  open(): Promise<void>;
  /** Tries until it is open, or closed by us. */
  keepOpen(): Promise<void>;
  /** Whether Slack can deliver by it now. */
  isOpen(): boolean;
  close(): Promise<void>;
}

function createLine(app: App, options: SocketOptions): Line {
  const closing = new AbortController();
  /** Those that are leaving too. */
  const alive = new Set<Connection>();
  let staying: Connection | null = null;
  let failures = 0;

  async function open(): Promise<void> {
    const connection = await connect(app, options);
    if (closing.signal.aborted) return await connection.close();
    alive.add(connection);
    staying = connection;
    const openedAtMs = performance.now();
    // Never rejects: it tries until a socket is open, or the line is closed.
    void connection.left.then(() => replace(connection, performance.now() - openedAtMs));
  }

  async function replace(connection: Connection, livedMs: number): Promise<void> {
    staying = null;
    if (closing.signal.aborted) return;
    failures = livedMs < SHORT_LIFE_MS ? failures + 1 : 0;
    options.log.debug('Slack is replacing a socket', { livedMs });
    await Promise.all([keepOpen(), retire(connection)]);
    alive.delete(connection);
  }

  async function keepOpen(): Promise<void> {
    while (!closing.signal.aborted) {
      await pause(backoffMs(failures), closing.signal);
      if (closing.signal.aborted) return;
      try {
        return await open();
      } catch (error) {
        failures += 1;
        options.log.warn('no socket to Slack; trying again', { failures, error });
      }
    }
  }

  return {
    open,
    keepOpen,
    isOpen: () => staying !== null,
    close: async () => {
      closing.abort();
      await Promise.all(Array.from(alive, (connection) => connection.close()));
    },
  };
}

/** Closes once all that came over it has been acknowledged. */
async function retire(connection: Connection): Promise<void> {
  await pause(ACKNOWLEDGE_MS);
  await connection.close();
}

interface Connection {
  /** Resolves at the first sign that it goes. */
  readonly left: Promise<void>;
  close(): Promise<void>;
}

/** Resolves at Slack's hello. */
async function connect(app: App, options: SocketOptions): Promise<Connection> {
  const receiver = createReceiver(options);
  receiver.init(app);
  // Listened for before hello: Slack may say goodbye in the same breath.
  const left = whenLeaving(receiver);
  const close = () => disconnected(receiver);
  try {
    await greeted(receiver);
  } catch (error) {
    await close();
    throw error;
  }
  return { left, close };
}

/** A receiver for one connection; it does not reconnect, for its own way takes five seconds. */
function createReceiver({ appToken, apiUrl, logger }: SocketOptions): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(apiUrl, { timeoutMs: 10_000, retries: 1 }) },
  });
}

async function greeted(receiver: SocketModeReceiver): Promise<void> {
  try {
    await within(receiver.start(), HELLO_MS, () => {
      throw new Error('Slack opened a socket but did not say hello');
    });
  } catch (error) {
    // A socket that closes before hello rejects with nothing at all.
    throw error ?? new Error('Slack closed the socket before it said hello');
  }
}

/**
 * Resolves at the first sign that the connection goes: Slack's `disconnect`, or its loss. The
 * client would close at that word, under commands not yet acknowledged; so it does not hear it.
 */
function whenLeaving({ client }: SocketModeReceiver): Promise<void> {
  const heard = client.listeners(MESSAGE_EVENT);
  client.removeAllListeners(MESSAGE_EVENT);
  return new Promise((resolve) => {
    client.on('disconnected', () => resolve());
    client.on(MESSAGE_EVENT, (message: unknown, isBinary: unknown) => {
      if (isDisconnect(message)) resolve();
      else for (const hear of heard) hear.call(client, message, isBinary);
    });
  });
}

function isDisconnect(message: unknown): boolean {
  // Only the first words are looked at: an envelope holds people's words, and may be long.
  return typeof message === 'string' && /^\s*\{[^{}]*"type"\s*:\s*"disconnect"/.test(message);
}

async function disconnected({ client }: SocketModeReceiver): Promise<void> {
  await within(client.disconnect(), CLOSE_MS, () => null);
}

function backoffMs(failures: number): number {
  if (failures === 0) return 0;
  const { firstMs, factor, lastMs } = BACKOFF;
  return Math.min(lastMs, firstMs * factor ** (failures - 1));
}
