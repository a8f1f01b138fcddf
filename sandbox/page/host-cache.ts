/** Reads the rows of performance_schema.host_cache for the page. Does I/O. */
import type { World } from '../world.ts';
import type { HostCache, HostCacheRow } from './shape.ts';

/** Never rejects; `unread` = the query failed, for example because the server is down. */
export async function readHostCache(world: World): Promise<HostCache> {
  try {
    const [limit] = await world.query('SELECT @@GLOBAL.max_connect_errors AS maximum');
    // Versions have different counters, so the columns are read by name.
    const rows = await world.query(
      'SELECT * FROM performance_schema.host_cache ORDER BY FIRST_SEEN, IP',
    );
    return {
      kind: 'read',
      rows: rows.map(rowOf),
      maxConnectErrors: Number(limit?.['maximum'] ?? 0),
    };
  } catch (error) {
    return { kind: 'unread', why: error instanceof Error ? error.message : String(error) };
  }
}

function rowOf(row: Readonly<Record<string, unknown>>): HostCacheRow {
  const counters = Object.entries(row)
    .filter(([column, value]) => column.startsWith('COUNT_') && Number(value) > 0)
    .map(([column, value]) => [column, Number(value)] as const);
  const host = row['HOST'];
  return {
    address: String(row['IP']),
    host: host === null || host === undefined ? null : String(host),
    validated: row['HOST_VALIDATED'] === 'YES',
    connectErrors: Number(row['SUM_CONNECT_ERRORS']),
    counters: Object.fromEntries(counters),
  };
}
