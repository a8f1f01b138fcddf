import type { Lease } from '../chat/lease.ts';
import type { Post } from '../outbox/store.ts';
import type { Alert } from './alert.ts';
import type { Silence } from './silence.ts';

/** What sweeps remember, as ports; several processes may share it. */

export interface AlertStore {
  /** `AL-8`: never given twice. */
  nextAlertId(): Promise<string>;
  /** Alerts of one server that are open, or were resolved after that moment. */
  recent(server: string, resolvedAfter: Date): Promise<readonly Alert[]>;
  /** All open ones. */
  open(): Promise<readonly Alert[]>;
  find(id: string): Promise<Alert | null>;
  /**
   * Alerts and what is to be said of them, or nothing at all; false where an alert was saved by
   * somebody else meanwhile (its revision moved on), or where the lease has passed to somebody else.
   */
  save(alerts: readonly Alert[], posts: readonly Post[], lease?: Lease): Promise<boolean>;
}

export interface SilenceStore {
  nextSilenceId(): Promise<string>;
  /** Those that have not ended. */
  active(now: Date): Promise<readonly Silence[]>;
  add(silence: Silence): Promise<void>;
  /** Ends it now; false where there is none, or it is over. */
  end(id: string, now: Date): Promise<boolean>;
}

/** The counters of one host at one sweep; only hosts that have errors are kept. */
export interface HostReading {
  readonly address: string;
  readonly readAt: Date;
  readonly connectErrors: number;
  readonly handshakeErrors: number;
  readonly blockedErrors: number;
  /** The entry's FIRST_SEEN: another one is another entry, whose counters began anew. */
  readonly entryMadeAt: Date | null;
}

/** How the last sweep of a server went. */
export interface SweepRecord {
  readonly server: string;
  readonly endedAt: Date;
  readonly tookMs: number;
  /** null: it went well. */
  readonly failure: string | null;
  /** Digits and dots; null: never known. */
  readonly version: string | null;
  readonly entries: number;
  readonly capacity: number;
  readonly blocked: number;
  readonly nullHosts: number;
  readonly stale: number;
  readonly nearBlock: number;
  /** Finding hosts that silences hid. */
  readonly silenced: number;
}

export interface SweepStore {
  /** Readings of the server since that moment, oldest first. */
  readings(server: string, since: Date): Promise<readonly HostReading[]>;
  /** Adds readings, and forgets those before `forgetBefore`. */
  addReadings(server: string, readings: readonly HostReading[], forgetBefore: Date): Promise<void>;
  record(record: SweepRecord): Promise<void>;
  records(): Promise<readonly SweepRecord[]>;
  /** Of one server; null = never swept. */
  recordOf(server: string): Promise<SweepRecord | null>;
}
