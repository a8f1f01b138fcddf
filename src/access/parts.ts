import type { AccessStore } from './stores.ts';

/** What the features that read the record of logins work with. */

export interface AccessParts {
  readonly access: AccessStore;
  /** The latest flushes that hostcache ran on the server. */
  readonly flushesOf: (server: string) => Promise<readonly PastFlush[]>;
}

export interface PastFlush {
  /** `FR-1042`. */
  readonly request: string;
  readonly at: Date;
  readonly reason: string;
}
