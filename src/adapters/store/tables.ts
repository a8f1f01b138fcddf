import type { Generated } from 'kysely';
import type { Lease } from '../../chat/lease.ts';
import type { FlushRequest } from '../../flush/request.ts';
import type { Snapshot } from '../../flush/stores.ts';
import type { PostContent } from '../../outbox/store.ts';
import type { Alert } from '../../sweep/alert.ts';
import type { Silence } from '../../sweep/silence.ts';
import type { HostReading, SweepRecord } from '../../sweep/stores.ts';
import type { Row } from './rows.ts';

/** The tables, by column, in camelCase here and in snake_case there; `…Json` is text of `toJson`. */
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

type LeaseTable = Row<Lease & { readonly untilAt: Date }>;

export type AlertTable = Row<Omit<Alert, 'hosts' | 'proofs' | 'acknowledged'>> & {
  hostsJson: string;
  proofsJson: string;
  acknowledgedBy: string | null;
  acknowledgedAt: number | null;
};

export type SilenceTable = Row<Omit<Silence, 'matcher' | 'by'>> & {
  matcherJson: string;
  createdBy: string;
};

type ReadingTable = Row<HostReading> & { server: string };

type SweepTable = Row<SweepRecord>;

export interface OutboxTable {
  /** The order in which they were stored. */
  number: Generated<number>;
  id: string;
  channel: string;
  subject: string;
  kind: PostContent['kind'];
  /** Empty once it is sent or needless. */
  contentJson: string;
  queuedAt: number;
  dueAt: number;
  state: 'waiting' | 'sent' | 'refused' | 'needless';
  /** null: nobody. */
  holder: string | null;
  heldUntil: number | null;
  attempts: number;
  /** 0 or 1. */
  wasBegun: number;
  /** 0 or 1: the root message of its subject is itself still to be said. */
  waitsForRoot: number;
  /** Why it waits or was refused. */
  why: string | null;
  endedAt: number | null;
}

interface RootTable {
  subject: string;
  channel: string;
  ts: string;
}

export type FlushTable = Row<Omit<FlushRequest, 'shown' | 'decision'>> & {
  /** The server while the request is open, so that a second one finds the place taken; else null. */
  openOn: string | null;
  shownJson: string;
  decisionJson: string | null;
  /** Who sent the statement, and when: set once, before. */
  begunBy: string | null;
  begunAt: number | null;
};

type SnapshotTable = Row<Snapshot> & { id: string };

interface AuditTable {
  number: Generated<number>;
  request: string;
  happenedAt: number;
  /** null: the program. */
  doneBy: string | null;
  what: string;
}
