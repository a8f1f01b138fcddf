import type { LeaseParts } from '../chat/lease.ts';
import type { Target } from '../diagnosis/gather.ts';
import type { ServerLook } from './look.ts';
import type { AlertStore, SilenceStore, SweepRecord, SweepStore } from './stores.ts';

/** What sweeps and alerts work with. */

export interface SweepTarget extends Target {
  /** Where its alerts go. */
  readonly channel: string;
}

export interface SweepParts extends LeaseParts {
  readonly targets: readonly SweepTarget[];
  readonly alerts: AlertStore;
  readonly silences: SilenceStore;
  readonly sweeps: SweepStore;
  readonly nullHostAlerts: 'all' | 'matter';
  /** Called when something was stored that is to be told. */
  readonly wake: () => void;
  /** With very many servers a connection is closed after each look, so that their number is bounded. */
  readonly keepsConnections: boolean;
  /** Called with each look that ended, for the metrics. */
  readonly swept?: (record: SweepRecord, look: ServerLook) => void;
  /** Called where somebody emptied a server's cache, between two times. */
  readonly emptied?: (server: string, since: Date, at: Date) => Promise<void>;
  /** Called with each sweep that broke off, so that there is no record of it. */
  readonly failed?: (server: string) => void;
  /** When the server is swept next; null = never by itself. */
  readonly nextSweepAt: (server: string) => Date | null;
  /** By the settings alone: `on`, `off` (no flushing account), or `nobody may approve`. */
  readonly flushing: (server: string) => string;
  /** The address of an alert's message; null = not posted yet, or not to be learnt. */
  readonly linkTo: (id: string) => Promise<string | null>;
}
