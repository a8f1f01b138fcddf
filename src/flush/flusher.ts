import type { BlockedHost, ServerIdentity } from './request.ts';

/** The one writing port: the account that may flush, and nothing else. */
export interface Flusher {
  /** What the account may do, read from its own connection. */
  mayFlush(): Promise<Permission>;
  /** A connection of its own for one flush. Rejects as `Unreadable` when there is none to be had. */
  open(): Promise<FlushSession>;
}

export type Permission =
  | { readonly kind: 'may' }
  /** Too little, too much, or not to be learnt; with the statements that mend it. */
  | { readonly kind: 'off'; readonly why: string; readonly statements: readonly string[] };

export interface FlushSession {
  /** What the account may do on the server that this very connection leads to. Rejects as `Unreadable`. */
  mayFlush(): Promise<Permission>;
  /** Which server this very connection leads to. Rejects as `Unreadable`. */
  identity(): Promise<ServerIdentity>;
  /** Runs the one statement, once, whatever happens; never rejects. */
  flush(): Promise<FlushResult>;
  close(): void;
}

export type FlushResult =
  | { readonly kind: 'flushed' }
  /** The server said no: nothing ran. */
  | { readonly kind: 'failed'; readonly why: string }
  /** The connection ended, or nothing was heard, while the statement ran. */
  | { readonly kind: 'uncertain'; readonly why: string };

/** What the reading account sees of the same server, for the card and just before the statement. */
export interface FlushView {
  identity(): Promise<ServerIdentity>;
  /** null: the cache cannot be seen, so nothing can be saved or verified. */
  cache(): Promise<FlushCache | null>;
}

export interface FlushCache {
  readonly entries: number;
  readonly blockedHosts: readonly BlockedHost[];
  /** All rows with a header. */
  readonly csv: string;
  /** By the server's own clock. */
  readonly readAt: Date;
  /** FIRST_SEEN of the oldest entry; null = there is none. */
  readonly oldestAt: Date | null;
}
