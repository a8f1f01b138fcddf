import type { Lease, LeaseParts } from '../chat/lease.ts';
import type { Message } from '../chat/message.ts';
import type { Target } from '../diagnosis/gather.ts';
import type { Callout } from './callout.ts';
import type { EarlierLogins } from './earlier-logins.ts';
import type { ServerLook } from './look.ts';
import type { AlertStore, SilenceStore, SweepRecord, SweepStore } from './stores.ts';

/** What sweeps and alerts need. */

export interface SweepTarget extends Target {
  /** Where its alerts go. */
  readonly channel: string;
  /** Absent = nobody is mentioned, and there is no runbook. */
  readonly callout?: Callout;
}

/** A look that ended, for what remembers more of it than sweeps do. */
export interface EndedLook {
  readonly target: SweepTarget;
  readonly look: ServerLook;
  /** The sweep before; null = none. */
  readonly last: SweepRecord | null;
  /** The host cache was emptied since then, and not by a restart. */
  readonly isEmptied: boolean;
  /** A chart that includes this look follows. */
  readonly isShown: boolean;
  /** While it is held, no other process records this server. */
  readonly lease: Lease;
}

export interface SweepParts extends LeaseParts {
  readonly targets: readonly SweepTarget[];
  readonly alerts: AlertStore;
  readonly silences: SilenceStore;
  readonly sweeps: SweepStore;
  readonly nullHostAlerts: 'all' | 'matter';
  /** Absent = nothing of earlier looks is known. */
  readonly earlierLogins?: EarlierLogins;
  /** Called when posts were stored, so that they are sent at once. */
  readonly wake: () => void;
  /** False with very many servers: each connection is closed after its look, to bound their number. */
  readonly keepsConnections: boolean;
  /** Called with each look that ended, for the metrics. */
  readonly swept?: (record: SweepRecord, look: ServerLook) => void;
  /** Called with each look that ended, while the lease is held. Never rejects. */
  readonly remember?: (ended: EndedLook) => Promise<void>;
  /**
   * How these clients, addresses or names, failed until that time: a chart with its words; null =
   * nothing is recorded of them. Called after `remember`. Never rejects.
   */
  readonly chartOf?: (
    server: string,
    clients: readonly string[],
    at: Date,
  ) => Promise<Message | null>;
  /** Called if somebody emptied a server's cache between these two times. */
  readonly emptied?: (server: string, since: Date, at: Date) => Promise<void>;
  /** Called with each sweep that failed and so has no record. */
  readonly failed?: (server: string) => void;
  /** When this process sweeps the server next; null = never; undefined = it sweeps nothing. */
  readonly nextSweepAt: (server: string) => Date | null | undefined;
  /** From the settings alone: `on`, `off` (no flush account), or `nobody may approve`. */
  readonly flushing: (server: string) => string;
  /** The URL of an alert's message; null = it is not posted yet, or the URL cannot be read. */
  readonly linkTo: (id: string) => Promise<string | null>;
}
