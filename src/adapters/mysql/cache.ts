// Reads the whole host cache of one server in one question.
import type { CacheReading, NamedEntry } from '../../hostcache/cache-reading.ts';
import type { HostCacheEntry } from '../../hostcache/entry.ts';
import { createRowReader } from './entry.ts';
import type { Link, Table } from './link.ts';

const WHOLE_CACHE = 'SELECT * FROM performance_schema.host_cache';

/** 65,536 entries take a third of a second to come over the wire. */
const PATIENCE_MS = 10_000;

export async function readCache(link: Link): Promise<CacheReading> {
  return summarise(await link.askTable(WHOLE_CACHE, PATIENCE_MS));
}

/** Rows stay arrays until one has something to tell: a full cache has tens of thousands. */
function summarise({ columns, rows }: Table): CacheReading {
  const at = (name: string) => columns.indexOf(name);
  const [ip, host, validated, firstSeen] = [
    at('IP'),
    at('HOST'),
    at('HOST_VALIDATED'),
    at('FIRST_SEEN'),
  ];
  const counted = columns.flatMap((name, i) => (/^(?:COUNT|SUM)_/.test(name) ? [i] : []));
  const toEntry = createRowReader(columns);
  const sums = counted.map(() => 0);
  const addresses = new Set<string>();
  const named: NamedEntry[] = [];
  const telling: HostCacheEntry[] = [];
  let oldest: Date | null = null;
  for (const row of rows) {
    const address = String(row[ip]);
    addresses.add(address);
    const errors = addUp(row, counted, sums);
    const seenAt = row[firstSeen];
    const firstSeenAt = seenAt instanceof Date ? seenAt : null;
    if (firstSeenAt !== null && (oldest === null || firstSeenAt < oldest)) oldest = firstSeenAt;
    if (row[host] !== null) named.push({ address, host: String(row[host]), firstSeenAt });
    if (errors > 0 || row[host] === null || row[validated] !== 'YES') {
      telling.push(toEntry(row));
    }
  }
  const errorTotals = Object.fromEntries(counted.map((i, n) => [columns[i] ?? '', sums[n] ?? 0]));
  return { total: rows.length, telling, addresses, named, errorTotals, oldestAt: oldest };
}

/** Adds the row's counters to the sums; returns their total. */
function addUp(row: readonly unknown[], counted: readonly number[], sums: number[]): number {
  let errors = 0;
  for (let n = 0; n < counted.length; n += 1) {
    const counter = row[counted[n] ?? 0];
    // Tens of thousands of rows have little but zeros.
    if (counter === 0) continue;
    const value = Number(counter);
    errors += value;
    sums[n] = (sums[n] ?? 0) + value;
  }
  return errors;
}
