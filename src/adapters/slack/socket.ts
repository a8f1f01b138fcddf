import type { App } from '@slack/bolt';
import type { Wait } from '../../chat/waiting.ts';
import type { Connection } from './client.ts';
import { judgeFailure } from './failure.ts';
import { connect, type Socket, type SocketParts } from './socket-connection.ts';

/**
 * Socket Mode over two connections behind one Receiver. Does I/O. Slack closes each connection from
 * time to time, and a command that finds none open is lost. So there is always a second one, and a
 * connection that Slack is about to close is replaced before it closes.
 */

export interface SocketOptions extends SocketParts {
  readonly wait: Wait;
}

/** Slack sends each envelope to one of up to ten connections. */
const LINES = 2;

/** An event is acknowledged over the socket that it came from, and Slack waits this long. */
const ACKNOWLEDGE_MS = 3000;

/** A connection that closes sooner counts as a failure. */
const SHORT_LIFE_MS = 300;

const BACKOFF = { firstMs: 500, factor: 1.5, lastMs: 15_000 };

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
        const { says: why, retryAfterMs } = judgeFailure(error, {
          token: 'SLACK_APP_TOKEN',
          method: 'apps.connections.open',
          where: options.apiUrl ?? 'slack.com',
        });
        options.log.warn('no socket to Slack; trying again', { failures, why });
        if (retryAfterMs !== null) await options.wait(retryAfterMs, closing.signal);
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

function backoffMs(failures: number): number {
  if (failures === 0) return 0;
  const { firstMs, factor, lastMs } = BACKOFF;
  return Math.min(lastMs, firstMs * factor ** (failures - 1));
}
