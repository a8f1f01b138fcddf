/** One row of performance_schema.host_cache. */
export interface HostCacheEntry {
  readonly address: string;
  /** null: the server holds no name for this address. */
  readonly host: string | null;
  /** true: used until a flush or eviction; DNS is not asked again, even if `host` is null. */
  readonly validated: boolean;
  /** SUM_CONNECT_ERRORS; the host is blocked when it reaches max_connect_errors. */
  readonly connectErrors: number;
  /**
   * The COUNT_… columns by name, including those of newer servers; totals since the entry was made.
   * A column that is 0 may be absent.
   */
  readonly counters: Readonly<Record<string, number>>;
  readonly firstSeenAt: Date | null;
  readonly lastSeenAt: Date | null;
  readonly firstErrorAt: Date | null;
  readonly lastErrorAt: Date | null;
}

/** An entry of which only the name is known: it has no errors. */
export function entryNamed(
  named: Pick<HostCacheEntry, 'address' | 'host' | 'firstSeenAt'>,
): HostCacheEntry {
  const unseen = { lastSeenAt: null, firstErrorAt: null, lastErrorAt: null };
  return { validated: true, connectErrors: 0, counters: {}, ...unseen, ...named };
}

/** A counter's value; 0 if the server has no such column. */
export function counter(entry: HostCacheEntry, column: string): number {
  return entry.counters[column] ?? 0;
}

/** HOST is NULL and validated: it stays NULL until a flush, whatever DNS says later. */
export function isLastingNull(entry: HostCacheEntry): boolean {
  return entry.validated && entry.host === null;
}

/** An entry that is not validated is never blocked: the server does not sum its errors. */
export function isBlocked(
  { connectErrors }: Pick<HostCacheEntry, 'connectErrors'>,
  maxConnectErrors: bigint,
): boolean {
  return connectErrors >= maxConnectErrors;
}

/** At least half of max_connect_errors, and not blocked. */
export function isNearBlock(entry: HostCacheEntry, maxConnectErrors: bigint): boolean {
  if (isBlocked(entry, maxConnectErrors)) return false;
  return BigInt(entry.connectErrors) * 2n >= maxConnectErrors;
}

/** The counter of each cause of a lasting NULL; the first one above 0 applies. */
export const NULL_CAUSES = {
  no_ptr: 'COUNT_NAMEINFO_PERMANENT_ERRORS',
  no_address: 'COUNT_ADDRINFO_PERMANENT_ERRORS',
  fcrdns: 'COUNT_FCRDNS_ERRORS',
} as const;

/** `other`: no counter shows the cause. */
export type NullCause = keyof typeof NULL_CAUSES | 'other';

/** Why the server found no name. */
export function nullCause(entry: HostCacheEntry): NullCause {
  if (counter(entry, NULL_CAUSES.no_ptr) > 0) return 'no_ptr';
  if (counter(entry, NULL_CAUSES.no_address) > 0) return 'no_address';
  return counter(entry, NULL_CAUSES.fcrdns) > 0 ? 'fcrdns' : 'other';
}

/** Counters of lookups that DNS did not answer: the PTR lookup, and the lookup of the name's addresses. */
export const DNS_FAILURES = {
  reverse: 'COUNT_NAMEINFO_TRANSIENT_ERRORS',
  forward: 'COUNT_ADDRINFO_TRANSIENT_ERRORS',
} as const;

/** DNS failed, so the server has no name and asks again for each connection. */
export function isDnsFailing(entry: HostCacheEntry): boolean {
  const isCounted = Object.values(DNS_FAILURES).some((column) => counter(entry, column) > 0);
  return !entry.validated && isCounted;
}
