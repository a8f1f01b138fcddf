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
export function isBlocked(entry: HostCacheEntry, maxConnectErrors: bigint): boolean {
  return entry.connectErrors >= maxConnectErrors;
}
