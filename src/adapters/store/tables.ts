import type { ColumnType, Generated } from 'kysely';
import type { FlushRequest } from '../../flush/request.ts';
import type { AuditEntry, Snapshot } from '../../flush/stores.ts';
import type { Post, PostContent, RootMessage } from '../../outbox/store.ts';
import type { Alert } from '../../sweep/alert.ts';
import type { AlertCard } from '../../sweep/card.ts';
import type { Silence } from '../../sweep/silence.ts';
import type { SweepRecord } from '../../sweep/stores.ts';

/** The tables. Columns are in snake case in the database; `columns.ts` converts their values. */
export interface Tables {
  hostcache_counters: { name: string; last: number };
  hostcache_leases: { name: string; holder: string; untilAt: Date };
  hostcache_alerts: AlertTable;
  hostcache_silences: Silence;
  hostcache_paces: { readonly server: string; readonly readings: string };
  hostcache_sweeps: SweepRecord;
  hostcache_access_readings: AccessReadingTable;
  hostcache_access_days: AccessDayTable;
  hostcache_plans: PlanTable;
  hostcache_outbox: OutboxTable;
  hostcache_roots: RootMessage & { readonly subject: string };
  hostcache_flushes: FlushTable;
  hostcache_snapshots: Snapshot & { readonly id: string };
  hostcache_audit: AuditEntry & { readonly number: Generated<number> };
  /** The version of hostcache that ran each migration; those of early versions are missing. */
  hostcache_versions: { readonly migration: string; readonly version: string };
}

/** A state lacks none of them. */
export const TABLE_NAMES: readonly string[] = Object.keys({
  hostcache_counters: true,
  hostcache_leases: true,
  hostcache_alerts: true,
  hostcache_silences: true,
  hostcache_paces: true,
  hostcache_sweeps: true,
  hostcache_access_readings: true,
  hostcache_access_days: true,
  hostcache_plans: true,
  hostcache_outbox: true,
  hostcache_roots: true,
  hostcache_flushes: true,
  hostcache_snapshots: true,
  hostcache_audit: true,
  hostcache_versions: true,
} satisfies Record<keyof Tables, true>);

export interface AlertTable extends Omit<Alert, 'card'> {
  /** null: saved by an older version, which also knew fewer fields. */
  readonly card: Partial<AlertCard> | null;
}

export interface AccessReadingTable {
  readonly server: string;
  readonly readAt: Date;
  /** As `packed-access.ts` writes it. */
  readonly packed: string;
}

export interface AccessDayTable {
  readonly server: string;
  /** `2026-11-29`. */
  readonly day: string;
  readonly packed: string;
}

export interface PlanTable {
  readonly id: string;
  readonly server: string;
  readonly madeAt: Date;
  /** As `packed-plan.ts` writes it. */
  readonly packed: string;
}

export interface OutboxTable extends Omit<Post, 'content' | 'isUrgent'> {
  /** The order in which they were stored. */
  readonly number: Generated<number>;
  readonly kind: PostContent['kind'];
  /** Empty once it is sent or needless. */
  readonly content: ColumnType<PostContent, PostContent | '', PostContent | ''>;
  readonly dueAt: Date;
  readonly state: 'waiting' | 'sent' | 'refused' | 'needless';
  /** null: no process holds it. */
  readonly holder: string | null;
  readonly heldUntil: Date | null;
  readonly attempts: number;
  /** 0 or 1. */
  readonly wasBegun: number;
  /** 0 or 1: the root message of its subject has not been sent yet. */
  readonly waitsForRoot: number;
  /** 0 or 1: it goes ahead of others. */
  readonly urgent: number;
  /** 0 or 1: others go ahead of it. */
  readonly aside: number;
  readonly repeats: number;
  /** Why it waits or was refused. */
  readonly why: string | null;
  readonly endedAt: Date | null;
}

export interface FlushTable extends FlushRequest {
  /** The server while the request is open, otherwise null. Unique: one open request per server. */
  readonly openOn: string | null;
  /** The process that sends the statement, and when; set once, before it is sent. */
  readonly begunBy: string | null;
  readonly begunAt: Date | null;
}
