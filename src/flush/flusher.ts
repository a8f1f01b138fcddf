import type { ServerIdentity } from './identity.ts';
import type { BlockedHost } from './request.ts';

/** The only writing port: the account that may flush. */
export interface Flusher {
  /** Whether the account may flush, read through its own connection. */
  mayFlush(): Promise<Permission>;
  /** Opens a connection for one flush. Rejects as `Unreadable` when it cannot connect. */
  open(): Promise<FlushSession>;
}

export type Permission =
  | { readonly kind: 'may' }
  /** Privileges are missing, excessive or unreadable; `statements` fix that. */
  | { readonly kind: 'off'; readonly why: string; readonly statements: readonly string[] };

export interface FlushSession {
  /** Whether the account may flush the server behind this connection. Rejects as `Unreadable`. */
  mayFlush(): Promise<Permission>;
  /** Identifies the server behind this connection. Rejects as `Unreadable`. */
  identity(): Promise<ServerIdentity>;
  /**
   * Runs the approved statement exactly once; `failed` if this server is now flushed by another one.
   * Never rejects.
   */
  flush(approved: string): Promise<FlushResult>;
  close(): void;
}

export type FlushResult =
  | { readonly kind: 'flushed' }
  /** The server refused: nothing ran. */
  | { readonly kind: 'failed'; readonly why: string }
  /** The connection was lost, or the statement timed out. */
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
