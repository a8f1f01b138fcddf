import type { Post } from '../outbox/store.ts';
import type { FlushCache } from './flusher.ts';
import type { Decision, FlushRequest, FlushState } from './request.ts';

/** What flush requests remember, as a port; several processes may share it. */
export type Snapshot = Pick<FlushCache, 'csv' | 'oldestAt' | 'readAt'>;

export interface FlushStore {
  /** `FR-1043`: never given twice. */
  nextFlushId(): Promise<string>;
  find(id: string): Promise<FlushRequest | null>;
  /** The one that waits or runs on this server; null = none. */
  openOn(server: string): Promise<FlushRequest | null>;
  /** All that wait or run. */
  open(): Promise<readonly FlushRequest[]>;
  /** Newest first. */
  history(server: string | null, limit: number): Promise<readonly FlushRequest[]>;
  /** Stores it with its card and its audit entry; false where one is open on this server already. */
  add(request: FlushRequest, posts: readonly Post[]): Promise<boolean>;
  /**
   * One conditional UPDATE: pending -> approved or rejected, only while it is pending, not yet
   * expired at `decision.at`, and not the requester's own; with its audit entry. false: somebody or
   * something was first.
   */
  decide(
    id: string,
    to: 'approved' | 'rejected',
    decision: Decision,
    posts: readonly Post[],
  ): Promise<boolean>;
  /** From one state to the next, once, with its audit entry; false: it was not in that state. */
  move(
    id: string,
    from: FlushState,
    to: FlushState,
    change: Change,
    posts: readonly Post[],
  ): Promise<boolean>;
  /** approved -> superseded, and the same wish anew, with both audit entries; false: it was not approved. */
  supersede(
    id: string,
    change: Change,
    anew: FlushRequest,
    posts: readonly Post[],
  ): Promise<boolean>;
  /** Whether the statement was begun: set once, before it is sent; false = it was set before. */
  begin(id: string, holder: string, at: Date): Promise<boolean>;
  /** null: not begun. */
  begunAt(id: string): Promise<Date | null>;
  /** To be said; those whose id was put before are left out. */
  tell(posts: readonly Post[]): Promise<void>;
  /** The cache as it was; a later one takes the place of an earlier one. */
  saveSnapshot(id: string, snapshot: Snapshot): Promise<void>;
  snapshot(id: string): Promise<Snapshot | null>;
  /** Append-only: refusals here; requests, decisions and outcomes are written with what they tell of. */
  audit(entry: AuditEntry): Promise<void>;
  auditOf(id: string): Promise<readonly AuditEntry[]>;
}

export interface Change {
  readonly outcome: string | null;
  readonly at: Date;
}

export interface AuditEntry {
  readonly request: string;
  readonly at: Date;
  /** A person's id; null = the program. */
  readonly by: string | null;
  readonly what: string;
}
