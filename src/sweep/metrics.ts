import { type HostCacheEntry, isDnsFailing, isLastingNull, nullCause } from '../hostcache/entry.ts';

/** Counts of a host cache by kind, without addresses or names of clients. */

/**
 * Why an entry has no name. The first four are lasting. For the others, the server asks DNS again at
 * each connection: DNS failed (`transient`), or the PTR name begins like an address (`numeric`).
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

export function nullHostsByKind(
  entries: readonly HostCacheEntry[],
): Readonly<Record<NullHostKind, number>> {
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

/** Matches COUNT_HANDSHAKE_ERRORS or SUM_CONNECT_ERRORS. */
const ERROR_COLUMN = /^(?:COUNT|SUM)_([A-Z_]+?)_ERRORS$/;

/** The totals by kind, such as `handshake`; other columns are left out. */
export function errorsByKind(
  totals: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const errors: Record<string, number> = {};
  for (const [column, total] of Object.entries(totals)) {
    const kind = ERROR_COLUMN.exec(column)?.[1];
    if (kind !== undefined) errors[kind.toLowerCase()] = total;
  }
  return errors;
}
