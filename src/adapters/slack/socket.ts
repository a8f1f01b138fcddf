import { type App, SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../chat/log.ts';
import { type Wait, within } from '../../chat/waiting.ts';
import { type Connection, clientOptions, createBoltLog } from './client.ts';

/**
 * Socket Mode over two connections behind one Receiver. Does I/O. Slack closes each connection from
 * time to time, and a command that finds none open is lost. So there is always a second one, and a
 * connection that Slack is about to close is replaced before it closes.
 */

export interface SocketOptions {
  readonly appToken: string;
  /** null = Slack's own. */
  readonly apiUrl: string | null;
  readonly log: Log;
  readonly wait: Wait;
}

/** Slack sends each envelope to one of up to ten connections. */
const LINES = 2;

/**
 * The socket client emits this event to itself for each message. It is private, so package.json
 * pins the exact version of @slack/socket-mode, and a test fails if the client stops doing so.
 */
export const MESSAGE_EVENT = 'ws_message';

/** From the request for an address to Slack's hello. */
const HELLO_MS = 15_000;

/** An event is acknowledged over the socket that it came from, and Slack waits this long. */
const ACKNOWLEDGE_MS = 3000;

/** A connection that closes sooner counts as a failure. */
const SHORT_LIFE_MS = 300;

const BACKOFF = { firstMs: 500, factor: 1.5, lastMs: 15_000 };

/** Slack answers a close frame late or never (node-slack-sdk #2752). */
const CLOSE_MS = 2000;

export function createSocketReceiver(options: SocketOptions): Connection {
  let lines: readonly Line[] = [];
  return {
    isConnected: () => lines.some((line) => line.isOpen()),
    init: (app) => {
      lines = Array.from({ length: LINES }, () => createLine(app, options));
    },
    /** Rejects if Slack refuses the app token or does not answer. */
    start: async () => {
      const [first, ...others] = lines;
      await first?.open();
      // One open line is enough to work. The others open on their own; keepOpen() never rejects.
      for (const line of others) void line.keepOpen();
    },
    stop: async () => {
      await Promise.all(lines.map((line) => line.close()));
    },
  };
}

interface Line {
  /** Tries once, and then keeps the line open. Rejects if the first try fails. */
  open(): Promise<void>;
  /** Tries until the line is open, or closed by us. Never rejects. */
  keepOpen(): Promise<void>;
  /** Whether Slack can deliver over it now. */
  isOpen(): boolean;
  close(): Promise<void>;
}

function createLine(app: App, options: SocketOptions): Line {
  const closing = new AbortController();
  /** Includes connections that are about to close. */
  const alive = new Set<Socket>();
  let current: Socket | null = null;
  let failures = 0;

  async function open(): Promise<void> {
    const connection = await connect(app, options);
    if (closing.signal.aborted) return await connection.close();
    alive.add(connection);
    current = connection;
    const openedAtMs = performance.now();
    // Never rejects: it tries until a socket is open, or the line is closed.
    void connection.left.then(() => replace(connection, performance.now() - openedAtMs));
  }

  async function replace(connection: Socket, livedMs: number): Promise<void> {
    current = null;
    if (closing.signal.aborted) return;
    failures = livedMs < SHORT_LIFE_MS ? failures + 1 : 0;
    options.log.debug('Slack is replacing a socket', { livedMs });
    // Its events have time to be acknowledged before it closes.
    const retired = options.wait(ACKNOWLEDGE_MS).then(connection.close);
    await Promise.all([keepOpen(), retired]);
    alive.delete(connection);
  }

  async function keepOpen(): Promise<void> {
    while (!closing.signal.aborted) {
      await options.wait(backoffMs(failures), closing.signal);
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
    isOpen: () => current !== null,
    close: async () => {
      closing.abort();
      await Promise.all(Array.from(alive, (connection) => connection.close()));
    },
  };
}

interface Socket {
  /** Resolves at the first sign that the connection will close. */
  readonly left: Promise<void>;
  close(): Promise<void>;
}

/** Resolves at Slack's hello. */
async function connect(app: App, options: SocketOptions): Promise<Socket> {
  const { appToken, apiUrl, log } = options;
  // It does not reconnect, because its own way takes five seconds.
  const receiver = new SocketModeReceiver({
    appToken,
    logger: createBoltLog(log),
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(apiUrl, { timeoutMs: 10_000, retries: 1 }) },
  });
  receiver.init(app);
  // Listens before hello, because a disconnect may follow it at once.
  const left = whenLeaving(receiver);
  const close = () => within(receiver.client.disconnect(), CLOSE_MS, () => undefined);
  try {
    await waitForHello(receiver);
  } catch (error) {
    await close();
    throw error;
  }
  return { left, close };
}

async function waitForHello(receiver: SocketModeReceiver): Promise<void> {
  try {
    await within(receiver.start(), HELLO_MS, () => {
      throw new Error('Slack opened a socket but did not send hello');
    });
  } catch (error) {
    // A socket that closes before hello rejects with undefined.
    throw error ?? new Error('Slack closed the socket before it sent hello');
  }
}

/**
 * Resolves when Slack sends `disconnect`, or when the connection is lost. The client would close at
 * once on `disconnect`, before commands are acknowledged, so that message is kept from it.
 */
function whenLeaving({ client }: SocketModeReceiver): Promise<void> {
  const listeners = client.listeners(MESSAGE_EVENT);
  client.removeAllListeners(MESSAGE_EVENT);
  return new Promise((resolve) => {
    client.on('disconnected', () => resolve());
    client.on(MESSAGE_EVENT, (message: unknown, isBinary: unknown) => {
      if (isDisconnect(message)) resolve();
      else for (const listener of listeners) listener.call(client, message, isBinary);
    });
  });
}

function isDisconnect(message: unknown): boolean {
  // Only the start is matched: an envelope contains what people wrote, and may be long.
  return typeof message === 'string' && /^\s*\{[^{}]*"type"\s*:\s*"disconnect"/.test(message);
}

function backoffMs(failures: number): number {
  if (failures === 0) return 0;
  const { firstMs, factor, lastMs } = BACKOFF;
  return Math.min(lastMs, firstMs * factor ** (failures - 1));
}
