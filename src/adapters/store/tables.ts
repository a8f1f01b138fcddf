import type { Generated } from 'kysely';
import type { PostContent } from '../../outbox/store.ts';
import type { AlertState } from '../../sweep/alert.ts';
import type { AlertRuleId } from '../../sweep/rules/index.ts';

/** The tables, by column. Times are milliseconds since 1970 in UTC; `…_json` is text of `toJson`. */
export interface Tables {
  hostcache_counters: CounterTable;
  hostcache_leases: LeaseTable;
  hostcache_alerts: AlertTable;
  hostcache_silences: SilenceTable;
  hostcache_readings: ReadingTable;
  hostcache_sweeps: SweepTable;
  hostcache_outbox: OutboxTable;
  hostcache_roots: RootTable;
  hostcache_flushes: FlushTable;
  hostcache_snapshots: SnapshotTable;
  hostcache_audit: AuditTable;
}

interface CounterTable {
  name: string;
  last: number;
}

interface LeaseTable {
  name: string;
  holder: string;
  until_at: number;
}

export interface AlertTable {
  id: string;
  server: string;
  rule: AlertRuleId;
  state: AlertState;
  hosts_json: string;
  fact: string | null;
  opened_at: number;
  changed_at: number;
  resolved_at: number | null;
  proofs_json: string;
  acknowledged_by: string | null;
  acknowledged_at: number | null;
  revision: number;
}

export interface SilenceTable {
  id: string;
  matcher_json: string;
  reason: string;
  created_by: string;
  created_at: number;
  ends_at: number;
}

export interface ReadingTable {
  server: string;
  read_at: number;
  address: string;
  connect_errors: number;
  handshake_errors: number;
  blocked_errors: number;
  entry_made_at: number | null;
}

export interface SweepTable {
  server: string;
  ended_at: number;
  took_ms: number;
  failure: string | null;
  version: string | null;
  entries: number;
  capacity: number;
  blocked: number;
  null_hosts: number;
  stale: number;
  near_block: number;
  silenced: number;
}

export interface OutboxTable {
  /** The order in which they were stored. */
  number: Generated<number>;
  id: string;
  channel: string;
  subject: string;
  kind: PostContent['kind'];
  /** Empty once it is sent or needless. */
  content_json: string;
  queued_at: number;
  due_at: number;
  state: 'waiting' | 'sent' | 'refused' | 'needless';
  /** null: nobody. */
  holder: string | null;
  held_until: number | null;
  attempts: number;
  /** 0 or 1. */
  was_begun: number;
  /** 0 or 1: the root message of its subject is itself still to be said. */
  waits_for_root: number;
  /** Why it waits or was refused. */
  why: string | null;
  ended_at: number | null;
}

interface RootTable {
  subject: string;
  channel: string;
  ts: string;
}

export interface FlushTable {
  id: string;
  server: string;
  /** The server while the request is open, so that a second one finds the place taken; else null. */
  open_on: string | null;
  state: string;
  requester: string;
  reason: string;
  channel: string;
  thread: string | null;
  shown_json: string;
  decision_json: string | null;
  outcome: string | null;
  requested_at: number;
  expires_at: number;
  changed_at: number;
  /** Who sent the statement, and when: set once, before. */
  begun_by: string | null;
  begun_at: number | null;
}

interface SnapshotTable {
  id: string;
  csv: string;
  oldest_at: number | null;
  read_at: number;
}

interface AuditTable {
  number: Generated<number>;
  request: string;
  happened_at: number;
  /** null: the program. */
  done_by: string | null;
  what: string;
}
