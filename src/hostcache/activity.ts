import type { ServerSettings } from './settings.ts';

/** The open connections, and the server's counters of failed ones. */
export interface Activity {
  /** Connections that have not finished authentication. */
  readonly pending: readonly PendingConnection[];
  /** Authenticated sessions by client: an address, or a name, as the server shows it, without port. */
  readonly sessionsByHost: ReadonlyMap<string, number>;
  /** Threads_connected; if fewer rows were read, the account may not see other sessions. */
  readonly connected: number;
  /** Whether the account sees the sessions of others (PROCESS). */
  readonly seesOthers: boolean;
  /** Aborted_connects and Connection_errors_… by name; totals since the server started. */
  readonly counters: Readonly<Record<string, number>>;
}

export interface PendingConnection {
  readonly id: number;
  /** The client's address or name, without port; empty = not shown. */
  readonly host: string;
  /** Seconds in this state; null: not shown. */
  readonly seconds: number | null;
  /** `login`: before the greeting, while the server asks DNS; `Receiving from client`: the client is silent. */
  readonly state: string;
}

/** All connections are in use: the next client gets 1040. */
export function isAtMaxConnections(
  { connected }: Activity,
  { maxConnections }: ServerSettings,
): boolean {
  return connected >= maxConnections;
}

export interface Pileup {
  /** Connections that have not finished authentication. */
  readonly pending: number;
  /** How many of them wait before the greeting, while the server asks DNS. */
  readonly inDns: number;
}

/** From this many on, connections that stay unauthenticated are a pile-up. */
const PILEUP_COUNT = 3;
const PILEUP_SECONDS = 2;
/** The same, for connections whose age the server does not show. */
const PILEUP_COUNT_AGELESS = 10;

/** null = few connections stay unauthenticated, as happens by chance. */
export function pileupOf({ pending }: Activity): Pileup | null {
  const staying = pending.filter(({ seconds }) => seconds !== null && seconds >= PILEUP_SECONDS);
  const ageless = pending.filter(({ seconds }) => seconds === null);
  if (staying.length < PILEUP_COUNT && ageless.length < PILEUP_COUNT_AGELESS) return null;
  const inDns = pending.filter(({ state }) => state === 'login').length;
  return { pending: pending.length, inDns };
}
