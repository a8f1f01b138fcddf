/** What sweeps remember of who used a server, for `audit` and `timeline`. */

/** One day of one server, in UTC. */
export interface AccessDay {
  readonly server: string;
  /** `2026-11-29`. */
  readonly day: string;
  /** The times in which nothing can have been missed, between readings; in order, disjoint. */
  readonly spans: readonly Span[];
  readonly uses: readonly AccountUse[];
  /** In the order of their times. */
  readonly events: readonly AccessEvent[];
  /** Uses and events that were left out, because the day is full. */
  readonly leftOut: number;
}

export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** How often one login name came from one host on one day. */
export interface AccountUse {
  /** As a stranger typed it; '' = anonymous. */
  readonly user: string;
  /** The address or name, as the server wrote it. */
  readonly host: string;
  /** The client's address; null = not known. */
  readonly address: string | null;
  /** The row of mysql.user that the server chose, as quoted CURRENT_USER(); null = not known. */
  readonly account: string | null;
  /** Where MySQL does not tell failures, they are among these. */
  readonly logins: number;
  readonly failures: number;
  /** When a reading last found a new login or an open session; null = none. */
  readonly lastLoginAt: Date | null;
}

export type AccessEvent =
  /** Logins that failed between two readings. `user` null = the handshake was not finished. */
  | {
      readonly kind: 'failures';
      readonly at: Date;
      readonly until: Date;
      readonly user: string | null;
      readonly host: string | null;
      readonly address: string | null;
      readonly error: number;
      readonly count: number;
    }
  /** The server was started: its counters and its host cache are new. */
  | { readonly kind: 'restart'; readonly at: Date }
  /** The host cache was emptied; by a request of hostcache, or outside (null). */
  | { readonly kind: 'flush'; readonly at: Date; readonly request: string | null }
  | { readonly kind: 'blocked' | 'unblocked'; readonly at: Date; readonly address: string }
  /** The cached name of a client changed; null = no name. */
  | {
      readonly kind: 'name';
      readonly at: Date;
      readonly address: string;
      readonly from: string | null;
      readonly to: string | null;
    }
  | {
      readonly kind: 'account';
      readonly at: Date;
      readonly account: string;
      readonly change: 'added' | 'dropped' | 'changed';
    };

/** How long days are kept. */
export const KEPT_DAYS = 90;

/** The day in UTC, `2026-11-29`. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
