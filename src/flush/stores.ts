import type { Post } from '../outbox/store.ts';
import type { FlushCache } from './flusher.ts';
import type { Decision, FlushRequest, FlushState } from './request.ts';

/** The port for stored flush requests. Several processes may share one store. */
export type Snapshot = Pick<FlushCache, 'csv' | 'oldestAt' | 'readAt'>;

export interface FlushStore {
  /** `FR-1043`. An id is never used twice. */
  nextFlushId(): Promise<string>;
  find(id: string): Promise<FlushRequest | null>;
  /** The pending or approved request on this server; null = none. */
  openOn(server: string): Promise<FlushRequest | null>;
  /** All pending or approved requests. */
  open(): Promise<readonly FlushRequest[]>;
  /** Newest first. */
  history(server: string | null, limit: number): Promise<readonly FlushRequest[]>;
  /** Stores it with its card and its audit entry; false if this server already has an open request. */
  add(request: FlushRequest, posts: readonly Post[]): Promise<boolean>;
  /**
   * One conditional UPDATE: pending -> approved or rejected, only while it is pending, not yet
   * expired at `decision.at`, and not by the requester; with its audit entry. false: something else
   * happened first.
   */
  decide(
    id: string,
    to: 'approved' | 'rejected',
    decision: Decision,
    posts: readonly Post[],
  ): Promise<boolean>;
  /** Moves it from one state to the next, with its audit entry; false: it was not in state `from`. */
  move(
    id: string,
    from: FlushState,
    to: FlushState,
    change: Change,
    posts: readonly Post[],
  ): Promise<boolean>;
  /** approved -> superseded, with its replacement and both audit entries; false: it was not approved. */
  supersede(
    id: string,
    change: Change,
    replacement: FlushRequest,
    posts: readonly Post[],
  ): Promise<boolean>;
  /** Marks the statement as begun, before it is sent; false = it was already marked. */
  begin(id: string, holder: string, at: Date): Promise<boolean>;
  /** null: not begun. */
  begunAt(id: string): Promise<Date | null>;
  /** Queues posts; a post whose id is already queued is skipped. */
  tell(posts: readonly Post[]): Promise<void>;
  /** Saves the cache as it was; replaces an earlier snapshot. */
  saveSnapshot(id: string, snapshot: Snapshot): Promise<void>;
  snapshot(id: string): Promise<Snapshot | null>;
  /** Appends an entry; requests, decisions and outcomes are audited by the calls above. */
  audit(entry: AuditEntry): Promise<void>;
  /**
   * Appends a refusal, whose `what` begins with `refused`. Beyond a limit for the person and for the
   * request, refusals are only counted.
   */
  refused(entry: AuditEntry): Promise<void>;
  /** By request, those that have any. */
  refusalsOf(requests: readonly string[]): Promise<ReadonlyMap<string, Refusals>>;
  auditOf(id: string): Promise<readonly AuditEntry[]>;
}

export interface Change {
  readonly outcome: string | null;
  readonly at: Date;
}

export interface Refusals {
  /** In the order in which they were kept. */
  readonly entries: readonly AuditEntry[];
  /** Also those that were only counted. */
  readonly total: number;
}

export interface AuditEntry {
  readonly request: string;
  readonly at: Date;
  /** A person's id; null = the program. */
  readonly by: string | null;
  readonly what: string;
}
