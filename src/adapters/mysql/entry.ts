import type { HostCacheEntry } from '../../hostcache/entry.ts';
import type { Fields } from './link.ts';

/** One row of performance_schema.host_cache, its columns found by name. */
export function toEntry(row: Fields): HostCacheEntry {
  const field = new Map(Object.entries(row).map(([name, value]) => [name.toUpperCase(), value]));
  const counters = [...field].filter(([name]) => name.startsWith('COUNT_'));
  const host = field.get('HOST') ?? null;
  return {
    address: String(field.get('IP')),
    host: host === null ? null : String(host),
    validated: field.get('HOST_VALIDATED') === 'YES',
    connectErrors: Number(field.get('SUM_CONNECT_ERRORS')),
    counters: Object.fromEntries(counters.map(([name, value]) => [name, Number(value)])),
    firstSeenAt: toDate(field.get('FIRST_SEEN')),
    lastSeenAt: toDate(field.get('LAST_SEEN')),
    firstErrorAt: toDate(field.get('FIRST_ERROR_SEEN')),
    lastErrorAt: toDate(field.get('LAST_ERROR_SEEN')),
  };
}

/** The session runs in UTC; old servers declare a zero date as the default. */
function toDate(value: unknown): Date | null {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value : null;
}
