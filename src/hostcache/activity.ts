import type { ServerSettings } from './settings.ts';

/** Who is connected now, and what the server counted of failed connections since its start. */
export interface Activity {
  /** Connections that have not finished authentication. */
  readonly pending: readonly PendingConnection[];
  /** Authenticated sessions by client: an address, or a name, as the server shows it, without port. */
  readonly sessionsByHost: ReadonlyMap<string, number>;
  /** Threads_connected; with fewer rows seen than this the account may not see others' sessions. */
  readonly connected: number;
  /** Whether sessions of others can be seen (PROCESS). */
  readonly seesOthers: boolean;
  /** Aborted_connects and Connection_errors_…, by their names; totals since the server started. */
  readonly counters: Readonly<Record<string, number>>;
}

export interface PendingConnection {
  readonly id: number;
  /** The client's address or name, without port; empty where the server does not show it. */
  readonly host: string;
  /** Seconds in this state; null: not shown. */
  readonly seconds: number | null;
  /** `login`: before the greeting, DNS is being asked; `Receiving from client`: the client is silent. */
  readonly state: string;
}

/** Every connection is taken: the next client gets 1040. */
export function isAtMaxConnections(
  { connected }: Activity,
  { maxConnections }: ServerSettings,
): boolean {
  return connected >= maxConnections;
}

export interface Pileup {
  /** Connections that have not finished authentication. */
  readonly pending: number;
  /** Those of them that wait before the greeting, where the server asks DNS. */
  readonly inDns: number;
}

/** So many connections that stay unauthenticated are no coincidence. */
const PILEUP_COUNT = 3;
const PILEUP_SECONDS = 2;
/** Of connections whose age the server does not show. */
const PILEUP_COUNT_AGELESS = 10;

/** null = no more connections stay unauthenticated than do by chance. */
export function pileupOf({ pending }: Activity): Pileup | null {
  const staying = pending.filter(({ seconds }) => seconds !== null && seconds >= PILEUP_SECONDS);
  const ageless = pending.filter(({ seconds }) => seconds === null);
  if (staying.length < PILEUP_COUNT && ageless.length < PILEUP_COUNT_AGELESS) return null;
  const inDns = pending.filter(({ state }) => state === 'login').length;
  return { pending: pending.length, inDns };
}
