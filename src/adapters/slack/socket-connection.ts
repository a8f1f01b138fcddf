import { type App, SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../chat/log.ts';
import { createUnreadable } from '../../chat/unreadable.ts';
import { within } from '../../chat/waiting.ts';
import { clientOptions, createBoltLog } from './client.ts';
import { outboundBy, type Proxies } from './outbound.ts';
import { sayUnreached } from './unreached.ts';

/** One Socket Mode connection, from the request for its address to its end. Does I/O. */

export interface SocketParts {
  readonly appToken: string;
  /** null = Slack's own. */
  readonly apiUrl: string | null;
  /** null = none. */
  readonly proxies: Proxies | null;
  readonly log: Log;
}

/**
 * The socket client emits this event to itself for each message. It is private, so package.json
 * pins the exact version of @slack/socket-mode, and a test fails if the client stops doing so.
 */
export const MESSAGE_EVENT = 'ws_message';

/** From the request for an address to Slack's hello. */
const HELLO_MS = 15_000;

/** Slack answers a close frame late or never (node-slack-sdk #2752). */
const CLOSE_MS = 2000;

export interface Socket {
  /** Resolves at the first sign that the connection will close. */
  readonly left: Promise<unknown>;
  close(): Promise<void>;
}

/** Resolves at Slack's hello. */
export async function connect(app: App, options: SocketParts): Promise<Socket> {
  const { appToken, proxies, log } = options;
  const { dispatcher, reach } = outboundBy(proxies);
  let isOpen = false;
  // It does not reconnect, because its own way takes five seconds.
  const receiver = new SocketModeReceiver({
    appToken,
    ...(dispatcher !== undefined && { dispatcher }),
    logger: createBoltLog(log, () => !isOpen),
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(options, { timeoutMs: 10_000, retries: 0 }) },
  });
  receiver.init(app);
  // Listens before hello, because a disconnect may follow it at once.
  const left = whenLeaving(receiver);
  const addressed = addressOf(receiver);
  receiver.client.once(MESSAGE_EVENT, (message: unknown) => warnOfMany(message, log));
  const close = () => within(receiver.client.disconnect(), CLOSE_MS, () => undefined);
  try {
    await waitForHello(receiver, left);
    isOpen = true;
  } catch (error) {
    await close();
    throw error ?? (await findFault(addressed(), reach));
  }
  return { left, close };
}

/** Rejects with undefined if the socket was not opened: the client does not say why. */
async function waitForHello(
  receiver: SocketModeReceiver,
  left: Promise<string | null>,
): Promise<void> {
  const refused = new Promise<never>((_, reject) => {
    void left.then((reason) => {
      if (reason !== null) reject(createUnreadable(sayReason(reason)));
    });
  });
  await within(Promise.race([receiver.start(), refused]), HELLO_MS, () => {
    throw new Error('no hello over its socket');
  });
}

/** The address of the last socket; undefined = Slack gave none. */
function addressOf({ client }: SocketModeReceiver): () => string | undefined {
  let address: string | undefined;
  client.on('authenticated', ({ url }: { readonly url?: string }) => {
    address = url;
  });
  return () => address;
}

/** Why a socket was not opened: tries its host again, without using the ticket. */
async function findFault(
  address: string | undefined,
  reach: (url: string) => Promise<void>,
): Promise<Error> {
  if (address === undefined) return new Error('no address for a socket');
  try {
    await reach(address);
    return new Error('its socket closed before hello');
  } catch (error) {
    return createUnreadable(`${sayUnreached(error, new URL(address).host)}.`, error);
  }
}

/** https://docs.slack.dev/apis/events-api/using-socket-mode#disconnect */
function sayReason(reason: string): string {
  switch (reason) {
    case 'too_many_websockets':
      return `Slack closed the socket (${reason}). ${MANY_SOCKETS}`;
    case 'link_disabled':
      return `Slack closed the socket (${reason}). Turn on Socket Mode on the app's page.`;
    default:
      return `Slack closed the socket (${reason}).`;
  }
}

/** Each process has two sockets, and a third while one is replaced. */
export const MANY_SOCKETS =
  'Slack allows ten sockets per app: run at most three replicas of the bot.';

/** The hello counts the sockets of the app. Never throws: this runs within the client's own event. */
function warnOfMany(hello: unknown, log: Log): void {
  const sockets = Number(/"num_connections"\s*:\s*(\d+)/.exec(String(hello))?.[1] ?? 0);
  if (sockets > 9) log.warn(MANY_SOCKETS, { sockets });
}

/**
 * Resolves when Slack sends `disconnect`, with its reason, or with null when the connection is lost.
 * The client would close at once on `disconnect`, before commands are acknowledged, so that message is
 * kept from it.
 */
function whenLeaving({ client }: SocketModeReceiver): Promise<string | null> {
  const listeners = client.listeners(MESSAGE_EVENT);
  client.removeAllListeners(MESSAGE_EVENT);
  return new Promise((resolve) => {
    client.on('disconnected', () => resolve(null));
    client.on(MESSAGE_EVENT, (message: unknown, isBinary: unknown) => {
      if (isDisconnect(message))
        resolve(/"reason"\s*:\s*"(\w+)"/.exec(message)?.[1] ?? 'no reason');
      else for (const listener of listeners) listener.call(client, message, isBinary);
    });
  });
}

function isDisconnect(message: unknown): message is string {
  // Only the start is matched: an envelope contains what people wrote, and may be long.
  return typeof message === 'string' && /^\s*\{[^{}]*"type"\s*:\s*"disconnect"/.test(message);
}
