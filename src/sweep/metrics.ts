import { type HostCacheEntry, isDnsFailing, isLastingNull, nullCause } from '../hostcache/entry.ts';

/** Counts of a host cache by kind, without addresses or names of clients. */

/**
 * Why an entry has no name. The first four are lasting. For the others, the server asks DNS again at
 * each connection: DNS failed (`transient`), or the PTR name begins like an address (`numeric`).
 */
const NO_NULL_HOSTS = { no_ptr: 0, no_address: 0, fcrdns: 0, other: 0, transient: 0, numeric: 0 };

type NullHostKind = keyof typeof NO_NULL_HOSTS;

export function nullHostsByKind(
  entries: readonly HostCacheEntry[],
): Readonly<Record<NullHostKind, number>> {
  const counts = { ...NO_NULL_HOSTS };
  for (const entry of entries) {
    if (entry.host === null) counts[kindOf(entry)] += 1;
  }
  return counts;
}

function kindOf(entry: HostCacheEntry): NullHostKind {
  if (isLastingNull(entry)) return nullCause(entry);
  return isDnsFailing(entry) ? 'transient' : 'numeric';
}

/** Matches COUNT_HANDSHAKE_ERRORS or SUM_CONNECT_ERRORS. */
const ERROR_COLUMN = /^(?:COUNT|SUM)_([A-Z_]+?)_ERRORS$/;

/** The totals by kind, such as `handshake`; other columns are left out. */
export function errorsByKind(
  totals: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(totals).flatMap(([column, total]) => {
      const kind = ERROR_COLUMN.exec(column)?.[1];
      return kind === undefined ? [] : [[kind.toLowerCase(), total]];
    }),
  );
}
