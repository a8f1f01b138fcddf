// Reads the whole host cache of one server: all columns, or three where nearly all entries are without errors.

import { identifier } from '../../hostcache/account.ts';
import type { HostCacheEntry } from '../../hostcache/entry.ts';
import type { CacheReading, NamedEntry } from '../../hostcache/server.ts';
import type { RowReader } from './answer.ts';
import { createRowReader, toDate } from './entry.ts';
import type { Link } from './link.ts';

export const WHOLE_CACHE = 'SELECT * FROM performance_schema.host_cache';

/** Gives the names of the columns, which depend on the version, and no rows. */
const NO_ROWS = `${WHOLE_CACHE} LIMIT 0`;

/** Each error sets FIRST_ERROR_SEEN (sql/hostname_cache.cc), so all counters of such an entry are 0. */
const IS_QUIET = "HOST IS NOT NULL AND HOST_VALIDATED = 'YES' AND FIRST_ERROR_SEEN IS NULL";

/** 65,536 entries take a third of a second to come over the wire. */
export const PATIENCE = { limitMs: 10_000 } as const;

/** Fewer entries are not worth a query for the names of the columns. */
const MANY = 1_000;

/** Reads three columns of quiet entries, if nearly all of them were quiet when they were read last. */
export function createCacheReader(link: Link): () => Promise<CacheReading> {
  let wasQuiet = false;
  return async () => {
    const reading = await (wasQuiet
      ? readQuietCache(link)
      : link.readRows(WHOLE_CACHE, summarise, PATIENCE));
    const { total, notable } = reading;
    wasQuiet = total >= MANY && notable.length < total / 10;
    return reading;
  };
}

/** All other columns of an entry that is not quiet come as one text, because each cell costs time. */
async function readQuietCache(link: Link): Promise<CacheReading> {
  const columns = await link.readRows(NO_ROWS, (names) => ({
    add: () => undefined,
    end: () => names.filter((name) => name !== 'HOST'),
  }));
  const cells = columns.map((name) => `IFNULL(${identifier(name)}, '')`);
  const sql = `SELECT IP, HOST, UNIX_TIMESTAMP(FIRST_SEEN),
      IF(${IS_QUIET}, NULL, CONCAT_WS(',', ${cells.join(', ')}))
    FROM performance_schema.host_cache`;
  return await link.readRows(sql, () => quietReader(columns), PATIENCE);
}

function quietReader(columns: readonly string[]): RowReader<CacheReading> {
  const { add, addQuiet, end } = summarise(['HOST', ...columns]);
  return {
    add: ([ip, host, firstSeen, cells]) => {
      if (cells === null) return addQuiet(String(ip), String(host), Number(firstSeen));
      const others = String(cells).split(',');
      add([host, ...others.map((cell) => (cell === '' ? null : cell))]);
    },
    end,
  };
}

interface CacheRowReader extends RowReader<CacheReading> {
  /** `firstSeen` in seconds since 1970; 0 = not known. */
  addQuiet(address: string, host: string, firstSeen: number): void;
}

/** Keeps only the address and the name of most rows: a full cache has tens of thousands. */
function summarise(columns: readonly string[]): CacheRowReader {
  const at = (name: string) => columns.indexOf(name);
  const [ip, host, validated] = [at('IP'), at('HOST'), at('HOST_VALIDATED')];
  const firstSeen = at('FIRST_SEEN');
  const counted = columns.flatMap((name, i) => (/^(?:COUNT|SUM)_/.test(name) ? [i] : []));
  const toEntry = createRowReader(columns);
  const sums = counted.map(() => 0);
  const named: NamedEntry[] = [];
  const notable: HostCacheEntry[] = [];
  let total = 0;
  let oldestAt: Date | null = null;
  // Many entries were made in the same second.
  const dateOf = onceEach((seen: string | number) => {
    const at = typeof seen === 'string' ? toDate(seen) : new Date(seen * 1000);
    if (at !== null && (oldestAt === null || at < oldestAt)) oldestAt = at;
    return at;
  });
  return {
    add: (row) => {
      total += 1;
      const errors = addUp(row, counted, sums);
      const firstSeenAt = dateOf(String(row[firstSeen]));
      const name = row[host] ?? null;
      if (name !== null) named.push({ address: String(row[ip]), host: String(name), firstSeenAt });
      if (errors > 0 || name === null || row[validated] !== 'YES') notable.push(toEntry(row));
    },
    addQuiet: (address, name, seen) => {
      total += 1;
      named.push({ address, host: name, firstSeenAt: seen === 0 ? null : dateOf(seen) });
    },
    end: () => {
      const errorTotals = Object.fromEntries(
        counted.map((i, n) => [columns[i] ?? '', sums[n] ?? 0]),
      );
      return { total, notable, named, errorTotals, oldestAt };
    },
  };
}

/** Remembers what was read of each value. */
function onceEach<K, T>(read: (value: K) => T): (value: K) => T {
  const known = new Map<K, T>();
  return (value) => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const made = read(value);
    known.set(value, made);
    return made;
  };
}

/** Adds the row's counters to the sums; returns their total. */
function addUp(row: readonly unknown[], counted: readonly number[], sums: number[]): number {
  let errors = 0;
  for (let n = 0; n < counted.length; n += 1) {
    const value = Number(row[counted[n] ?? 0]);
    // Almost all counters in tens of thousands of rows are 0.
    if (value === 0) continue;
    errors += value;
    sums[n] = (sums[n] ?? 0) + value;
  }
  return errors;
}
