import type { Lease } from '../chat/lease.ts';
import type { Post } from '../outbox/store.ts';
import type { Alert } from './alert.ts';
import type { HostReading } from './pace.ts';
import type { Silence } from './silence.ts';

/** The ports to what sweeps store; several processes may share it. */

export interface AlertStore {
  /** `AL-8`; never the same id twice. */
  nextAlertId(): Promise<string>;
  /** Alerts of one server that are open, or were resolved after that moment. */
  recent(server: string, resolvedAfter: Date): Promise<readonly Alert[]>;
  /** All open alerts. */
  open(): Promise<readonly Alert[]>;
  find(id: string): Promise<Alert | null>;
  /**
   * Saves the alerts and their posts, or nothing. False = nothing was saved, because another save
   * changed one of the alerts (its revision differs) or another holder has the lease.
   */
  save(alerts: readonly Alert[], posts: readonly Post[], lease?: Lease): Promise<boolean>;
}

export interface SilenceStore {
  nextSilenceId(): Promise<string>;
  /** The silences that have not ended. */
  active(now: Date): Promise<readonly Silence[]>;
  add(silence: Silence): Promise<void>;
  /** Ends it now; false = there is no such silence, or it is over. */
  end(id: string, now: Date): Promise<boolean>;
}

/** How the last sweep of a server went. */
export interface SweepRecord {
  readonly server: string;
  readonly endedAt: Date;
  readonly tookMs: number;
  /** null = it succeeded. */
  readonly failure: string | null;
  /** Digits and dots; null = not known. */
  readonly version: string | null;
  readonly entries: number;
  readonly capacity: number;
  readonly blocked: number;
  readonly nullHosts: number;
  readonly stale: number;
  readonly nearBlock: number;
  /** How many hosts with a problem silences hid. */
  readonly silenced: number;
  /** When the bot meant to sweep it next; null = never. */
  readonly nextAt: Date | null;
}

export interface SweepStore {
  /** The readings that were last kept for the server; those of one host in the order they had. */
  readings(server: string): Promise<readonly HostReading[]>;
  /** Replaces the server's readings. */
  keepReadings(server: string, readings: readonly HostReading[]): Promise<void>;
  record(record: SweepRecord): Promise<void>;
  records(): Promise<readonly SweepRecord[]>;
  /** The record of one server; null = never swept. */
  recordOf(server: string): Promise<SweepRecord | null>;
}
