// Reads the whole host cache of one server in one query.

import type { HostCacheEntry } from '../../hostcache/entry.ts';
import type { CacheReading, NamedEntry } from '../../hostcache/server.ts';
import type { RowReader } from './answer.ts';
import { createRowReader, toDate } from './entry.ts';
import type { Link } from './link.ts';

export const WHOLE_CACHE = 'SELECT * FROM performance_schema.host_cache';

/** 65,536 entries take a third of a second to come over the wire. */
export const PATIENCE_MS = 10_000;

export function readCache(link: Link): Promise<CacheReading> {
  return link.readRows(WHOLE_CACHE, PATIENCE_MS, summarise);
}

/** Keeps only the address and the name of most rows: a full cache has tens of thousands. */
function summarise(columns: readonly string[]): RowReader<CacheReading> {
  const at = (name: string) => columns.indexOf(name);
  const [ip, host, validated] = [at('IP'), at('HOST'), at('HOST_VALIDATED')];
  const firstSeen = at('FIRST_SEEN');
  const counted = columns.flatMap((name, i) => (/^(?:COUNT|SUM)_/.test(name) ? [i] : []));
  const toEntry = createRowReader(columns);
  const sums = counted.map(() => 0);
  const named: NamedEntry[] = [];
  const notable: HostCacheEntry[] = [];
  let total = 0;
  let oldest: string | null = null;
  const dateOf = createDateReader();
  return {
    add: (row) => {
      total += 1;
      const errors = addUp(row, counted, sums);
      const seen = String(row[firstSeen]);
      const firstSeenAt = dateOf(seen);
      // Texts of this form are in the order of their times.
      if (firstSeenAt !== null && (oldest === null || seen < oldest)) oldest = seen;
      const name = row[host] ?? null;
      if (name !== null) named.push({ address: String(row[ip]), host: String(name), firstSeenAt });
      if (errors > 0 || name === null || row[validated] !== 'YES') notable.push(toEntry(row));
    },
    end: () => {
      const errorTotals = Object.fromEntries(
        counted.map((i, n) => [columns[i] ?? '', sums[n] ?? 0]),
      );
      const oldestAt = oldest === null ? null : dateOf(oldest);
      return { total, notable, named, errorTotals, oldestAt };
    },
  };
}

/** Many entries were made in the same second. */
function createDateReader(): (text: string) => Date | null {
  const dates = new Map<string, Date | null>();
  return (text) => {
    const known = dates.get(text);
    if (known !== undefined) return known;
    const date = toDate(text);
    dates.set(text, date);
    return date;
  };
}

/** Adds the row's counters to the sums; returns their total. */
function addUp(row: readonly unknown[], counted: readonly number[], sums: number[]): number {
  let errors = 0;
  for (let n = 0; n < counted.length; n += 1) {
    const counter = row[counted[n] ?? 0];
    // Almost all counters in tens of thousands of rows are 0.
    if (counter === 0) continue;
    const value = Number(counter);
    errors += value;
    sums[n] = (sums[n] ?? 0) + value;
  }
  return errors;
}
