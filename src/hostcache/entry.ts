/** One row of performance_schema.host_cache. */
export interface HostCacheEntry {
  readonly address: string;
  /** null: the server holds no name for this address. */
  readonly host: string | null;
  /** true: used for ever, DNS is not asked again, also where `host` is null. */
  readonly validated: boolean;
  /** SUM_CONNECT_ERRORS; the host is blocked when they reach max_connect_errors. */
  readonly connectErrors: number;
  /** Every COUNT_… column by its name, those of newer servers too; totals since the entry was made. */
  readonly counters: Readonly<Record<string, number>>;
  readonly firstSeenAt: Date | null;
  readonly lastSeenAt: Date | null;
  readonly firstErrorAt: Date | null;
  readonly lastErrorAt: Date | null;
}

/** A counter's value; 0 where this server has no such column. */
export function counter(entry: HostCacheEntry, column: string): number {
  return entry.counters[column] ?? 0;
}

/** HOST NULL and validated: kept for ever, whatever DNS says later. */
export function isLastingNull(entry: HostCacheEntry): boolean {
  return entry.validated && entry.host === null;
}

/** A row that is not validated is never blocked: its errors are not summed. */
export function isBlocked(
  { connectErrors }: Pick<HostCacheEntry, 'connectErrors'>,
  maxConnectErrors: bigint,
): boolean {
  return connectErrors >= maxConnectErrors;
}

/** Half of max_connect_errors or more, and not blocked. */
export function isNearBlock(entry: HostCacheEntry, maxConnectErrors: bigint): boolean {
  if (isBlocked(entry, maxConnectErrors)) return false;
  return BigInt(entry.connectErrors) * 2n >= maxConnectErrors;
}

/** The counter that tells each cause of a lasting NULL; of several, the first that counted. */
export const NULL_CAUSES = {
  no_ptr: 'COUNT_NAMEINFO_PERMANENT_ERRORS',
  no_address: 'COUNT_ADDRINFO_PERMANENT_ERRORS',
  fcrdns: 'COUNT_FCRDNS_ERRORS',
} as const;

/** `other`: no counter tells. */
export type NullCause = keyof typeof NULL_CAUSES | 'other';

/** Why the server found no name. */
export function nullCause(entry: HostCacheEntry): NullCause {
  if (counter(entry, NULL_CAUSES.no_ptr) > 0) return 'no_ptr';
  if (counter(entry, NULL_CAUSES.no_address) > 0) return 'no_address';
  return counter(entry, NULL_CAUSES.fcrdns) > 0 ? 'fcrdns' : 'other';
}

/** Lookups that DNS did not answer: the PTR lookup, and that of the name's addresses. */
export const DNS_FAILURES = {
  reverse: 'COUNT_NAMEINFO_TRANSIENT_ERRORS',
  forward: 'COUNT_ADDRINFO_TRANSIENT_ERRORS',
} as const;

/** DNS failed, so the server has no name and asks again at each connection. */
export function isDnsFailing(entry: HostCacheEntry): boolean {
  const isCounted = Object.values(DNS_FAILURES).some((column) => counter(entry, column) > 0);
  return !entry.validated && isCounted;
}
