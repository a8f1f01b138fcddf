import { type HostCacheEntry, isDnsFailing, isLastingNull, nullCause } from '../hostcache/entry.ts';
import type { ServerLook } from './look.ts';
import type { SweepRecord } from './stores.ts';

/** What a sweep has to say in numbers: never an address, never a name of a client. */
export interface SweepNumbers {
  /** What the last look that could read the server found; null = this one could not. */
  readonly cache: CacheNumbers | null;
  /** Connections that have not finished authentication; null = not readable. */
  readonly unauthenticated: number | null;
}

export interface CacheNumbers {
  readonly entries: number;
  readonly size: number;
  readonly blockedHosts: number;
  readonly nearBlockHosts: number;
  readonly staleHosts: number;
  readonly nullHosts: Readonly<Record<NullHostKind, number>>;
  /** Sums over all entries by kind, such as `handshake`: they fall where entries go. */
  readonly errors: Readonly<Record<string, number>>;
}

/**
 * Why an entry has no name. The first four last; at each connection the server asks DNS again where
 * it failed (`transient`), or where the PTR name begins like an address (`numeric`).
 */
export const NULL_HOST_KINDS = [
  'no_ptr',
  'no_address',
  'fcrdns',
  'other',
  'transient',
  'numeric',
] as const;

export type NullHostKind = (typeof NULL_HOST_KINDS)[number];

/** COUNT_HANDSHAKE_ERRORS, SUM_CONNECT_ERRORS. */
const ERROR_COLUMN = /^(?:COUNT|SUM)_([A-Z_]+?)_ERRORS$/;

export function numbersOf(record: SweepRecord, look: ServerLook | null): SweepNumbers {
  const activity = look?.activity.known === true ? look.activity.value : null;
  const cache = record.failure === null && look?.cache.known === true ? look.cache.value : null;
  return {
    unauthenticated: activity === null ? null : activity.pending.length,
    cache:
      cache === null
        ? null
        : {
            entries: record.entries,
            size: record.capacity,
            blockedHosts: record.blocked,
            nearBlockHosts: record.nearBlock,
            staleHosts: record.stale,
            nullHosts: nullHosts(cache.telling),
            errors: errorsByKind(cache.errorTotals),
          },
  };
}

function nullHosts(entries: readonly HostCacheEntry[]): CacheNumbers['nullHosts'] {
  const counts = { no_ptr: 0, no_address: 0, fcrdns: 0, other: 0, transient: 0, numeric: 0 };
  for (const entry of entries) {
    if (entry.host === null) counts[kindOf(entry)] += 1;
  }
  return counts;
}

function kindOf(entry: HostCacheEntry): NullHostKind {
  if (isLastingNull(entry)) return nullCause(entry);
  return isDnsFailing(entry) ? 'transient' : 'numeric';
}

/** Columns of newer servers too; what is not called like a column is left out. */
function errorsByKind(totals: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const errors: Record<string, number> = {};
  for (const [column, total] of Object.entries(totals)) {
    const kind = ERROR_COLUMN.exec(column)?.[1];
    if (kind !== undefined) errors[kind.toLowerCase()] = total;
  }
  return errors;
}
