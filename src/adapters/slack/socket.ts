import { type App, type Logger, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Log } from '../../chat/log.ts';

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

/** From asking for an address to Slack's hello. */
const HELLO_MS = 15_000;

/** A connection that did not live so long was no connection. */
const SHORT_LIFE_MS = 300;

const BACKOFF = { firstMs: 500, factor: 1.5, lastMs: 15_000 };

/** Slack answers a close frame late or never (node-slack-sdk #2752). */
const CLOSE_MS = 2000;

export function createSocketReceiver(options: SocketOptions): Receiver {
  let lines: readonly Line[] = [];
  return {
    init: (app) => {
      lines = Array.from({ length: LINES }, () => createLine(app, options));
    },
    /** Rejects as Slack refuses the app token, or does not answer. */
    start: async () => {
      const [first, ...others] = lines;
      await first?.open();
      // With one line open the bot works; the others keep trying by themselves.
      await Promise.allSettled(others.map((line) => line.keepOpen()));
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
  close(): Promise<void>;
}

function createLine(app: App, options: SocketOptions): Line {
  const alive = new Set<SocketModeReceiver>();
  let isClosed = false;
  let failures = 0;
  let wake: () => void = () => undefined;

  async function open(): Promise<void> {
    const receiver = createReceiver(options);
    receiver.init(app);
    alive.add(receiver);
    try {
      await connected(receiver);
    } catch (error) {
      await disconnected(receiver);
      alive.delete(receiver);
      throw error;
    }
    onLeaving(receiver, (livedMs) => {
      if (isClosed) return;
      failures = livedMs < SHORT_LIFE_MS ? failures + 1 : 0;
      options.log.debug('Slack is replacing a socket', { livedMs });
      // keepOpen never rejects: it tries until it is open, or closed by us.
      void keepOpen();
      void disconnected(receiver).then(() => alive.delete(receiver));
    });
  }

  async function keepOpen(): Promise<void> {
    while (!isClosed) {
      const waitMs = backoffMs(failures);
      if (waitMs > 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, waitMs);
        });
      }
      if (isClosed) return;
      try {
        await open();
        return;
      } catch (error) {
        failures += 1;
        options.log.warn('no socket to Slack; trying again', { failures, error });
      }
    }
  }

  return {
    open,
    keepOpen,
    close: async () => {
      isClosed = true;
      wake();
      await Promise.all(Array.from(alive, disconnected));
    },
  };
}

/** A receiver for one connection; it does not reconnect, for its own way takes five seconds. */
function createReceiver({ appToken, apiUrl, logger }: SocketOptions): SocketModeReceiver {
  // An object of its own: the socket client writes its retries into what it is given.
  const clientOptions: WebClientOptions = {
    ...(apiUrl !== null && { slackApiUrl: apiUrl }),
    timeout: 10_000,
    retryConfig: { retries: 1, minTimeout: 300 },
  };
  return new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions },
  });
}

/** Resolves at Slack's hello. */
async function connected(receiver: SocketModeReceiver): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    const late = () => reject(new Error('Slack opened a socket but did not say hello'));
    timer = setTimeout(late, HELLO_MS);
  });
  try {
    await Promise.race([receiver.start(), patience]);
  } catch (error) {
    // A socket that closes before hello rejects with nothing at all.
    throw error ?? new Error('Slack closed the socket before it said hello');
  } finally {
    clearTimeout(timer);
  }
}

/** Calls back once, at the first sign that the connection goes: Slack's `disconnect`, or its loss. */
function onLeaving({ client }: SocketModeReceiver, left: (livedMs: number) => void): void {
  const openedAt = performance.now();
  let isLeft = false;
  const leave = () => {
    if (isLeft) return;
    isLeft = true;
    left(performance.now() - openedAt);
  };
  client.on('ws_message', (message: unknown) => {
    if (isDisconnect(message)) leave();
  });
  client.on('disconnected', leave);
}

function isDisconnect(message: unknown): boolean {
  // Only the first words are looked at: an envelope holds people's words, and may be long.
  return typeof message === 'string' && /^\s*\{[^{}]*"type"\s*:\s*"disconnect"/.test(message);
}

async function disconnected({ client }: SocketModeReceiver): Promise<void> {
  const patience = new Promise((resolve) => setTimeout(resolve, CLOSE_MS));
  await Promise.race([client.disconnect(), patience]);
}

function backoffMs(failures: number): number {
  if (failures === 0) return 0;
  const { firstMs, factor, lastMs } = BACKOFF;
  return Math.min(lastMs, firstMs * factor ** (failures - 1));
}
