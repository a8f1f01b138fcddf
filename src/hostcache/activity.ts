import { type HandshakeStep, STEP_WORDS } from './handshake.ts';
import type { ServerSettings } from './settings.ts';

/** The open connections, and the server's counters of failed ones. */
export interface Activity {
  /** Connections that have not finished authentication. */
  readonly pending: readonly PendingConnection[];
  /** Authenticated sessions, those of one account name and client counted together. */
  readonly sessions: readonly Sessions[];
  /** Threads_connected; if fewer rows were read, the account may not see other sessions. */
  readonly connected: number;
  /** Whether the account sees the sessions of others (PROCESS). */
  readonly seesOthers: boolean;
  /** Aborted_connects and Connection_errors_… by name; totals since the server started. */
  readonly counters: Readonly<Record<string, number>>;
}

export interface Sessions {
  readonly user: string;
  /** The client's address or name, as the server shows it, without port. */
  readonly host: string;
  /** false: by a Unix socket or a pipe. */
  readonly isTcp: boolean;
  readonly count: number;
}

export interface PendingConnection {
  readonly id: number;
  /** The client's address or name, without port; empty = not shown. */
  readonly host: string;
  /** Seconds in this state; null: not shown. */
  readonly seconds: number | null;
  /** As the server shows it. `login` is DNS or TLS: only the step tells them apart. */
  readonly state: string;
  readonly step: HandshakeStep;
}

/** All connections are in use: the next client gets 1040. */
export function isAtMaxConnections(
  { connected }: Activity,
  { maxConnections }: ServerSettings,
): boolean {
  return connected >= maxConnections;
}

/** Connections that stay unauthenticated. */
export interface Pileup {
  readonly count: number;
  /** How many wait at each step; no zeros. */
  readonly steps: ReadonlyMap<HandshakeStep, number>;
}

/** From this many on, connections that stay unauthenticated are a pile-up. */
const PILEUP_COUNT = 3;
const PILEUP_SECONDS = 2;
/** The same, for connections whose age the server does not show. */
const PILEUP_COUNT_AGELESS = 10;

/** null = few connections stay unauthenticated, as happens by chance. */
export function pileupOf({ pending }: Activity): Pileup | null {
  const ageless = pending.filter(({ seconds }) => seconds === null);
  // One that came just now says nothing of DNS or TLS, even at such a step.
  const staying = pending.filter(({ seconds }) => seconds !== null && seconds >= PILEUP_SECONDS);
  if (staying.length < PILEUP_COUNT && ageless.length < PILEUP_COUNT_AGELESS) return null;
  const counted = [...staying, ...ageless];
  const steps = new Map<HandshakeStep, number>();
  for (const { step } of counted) steps.set(step, (steps.get(step) ?? 0) + 1);
  return { count: counted.length, steps };
}

/** `9 in the TLS handshake, 3 waiting for DNS`: most first. */
export function sayWaiting({ steps }: Pileup): string {
  const groups = [...steps].sort(([, a], [, b]) => b - a);
  return groups.map(([step, number]) => `${number} ${STEP_WORDS[step]}`).join(', ');
}

/** What to look at, by what is proved about the steps. */
export function adviseOnPileup({ steps }: Pileup): string {
  const advice = [
    steps.has('dns') ? 'Check the resolver of the database host: it is slow or down.' : '',
    steps.has('tls')
      ? 'Check TLS on the way to these clients: a firewall, a proxy or a small MTU can swallow its packets.'
      : '',
    steps.has('dns or tls')
      ? 'Check the resolver of the database host, then TLS on the way to these clients; the reading account cannot tell which it is, and doctor says what it lacks.'
      : '',
  ].filter((each) => each !== '');
  const others = 'Look for a scanner, a health check or an overloaded client.';
  return advice.length > 0 ? advice.join(' ') : others;
}
