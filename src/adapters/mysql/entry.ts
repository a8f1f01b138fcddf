import type { HostCacheEntry } from '../../hostcache/entry.ts';
import type { Fields } from './answer.ts';

/** An entry from one row of performance_schema.host_cache. */
export function toEntry(row: Fields): HostCacheEntry {
  return createRowReader(Object.keys(row))(Object.values(row));
}

/** Finds the columns by name, for all rows of a result. Leaves out counters that are 0. */
export function createRowReader(
  columns: readonly string[],
): (row: readonly unknown[]) => HostCacheEntry {
  const names = columns.map((name) => name.toUpperCase());
  const at = (name: string) => names.indexOf(name);
  const [ip, host, validated] = [at('IP'), at('HOST'), at('HOST_VALIDATED')];
  const connectErrors = at('SUM_CONNECT_ERRORS');
  const [firstSeen, lastSeen] = [at('FIRST_SEEN'), at('LAST_SEEN')];
  const [firstError, lastError] = [at('FIRST_ERROR_SEEN'), at('LAST_ERROR_SEEN')];
  const counted = names.flatMap((name, i) => (name.startsWith('COUNT_') ? [{ name, i }] : []));
  return (row) => {
    const counters: Record<string, number> = {};
    for (const { name, i } of counted) {
      const value = Number(row[i]);
      // Almost all counters in tens of thousands of rows are 0.
      if (value !== 0) counters[name] = value;
    }
    const name = row[host] ?? null;
    return {
      address: String(row[ip]),
      host: name === null ? null : String(name),
      validated: row[validated] === 'YES',
      connectErrors: Number(row[connectErrors]),
      counters,
      firstSeenAt: toDate(row[firstSeen]),
      lastSeenAt: toDate(row[lastSeen]),
      firstErrorAt: toDate(row[firstError]),
      lastErrorAt: toDate(row[lastError]),
    };
  };
}

/**
 * null = the server does not know, or does not show it; or the zero date, the default on old
 * servers. A time as text is in UTC, as the session is.
 */
export function toDate(value: unknown): Date | null {
  const date = typeof value === 'string' ? new Date(`${value.replace(' ', 'T')}Z`) : value;
  return date instanceof Date && !Number.isNaN(date.getTime()) ? date : null;
}
