import type { HostCacheEntry } from './entry.ts';

/** The whole host cache of one server, read once. */
export interface CacheReading {
  /** Entries in the cache, of every kind. */
  readonly total: number;
  /** Those with something to tell: no name, not validated, or any error counted; only counters that are not 0. */
  readonly telling: readonly HostCacheEntry[];
  /** Those that hold a name, which may have gone stale: every entry is here, or above, or both. */
  readonly named: readonly NamedEntry[];
  /** Each COUNT_… column summed over all entries, and SUM_CONNECT_ERRORS. */
  readonly errorTotals: Readonly<Record<string, number>>;
  /** FIRST_SEEN of the oldest entry; null = the cache is empty. */
  readonly oldestAt: Date | null;
}

export interface NamedEntry {
  readonly address: string;
  readonly host: string;
  readonly firstSeenAt: Date | null;
}
