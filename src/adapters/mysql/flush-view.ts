// What a flush needs to read from a server, through the reading account. Does I/O.
import { csv } from '../../chat/csv.ts';
import type { FlushCache, FlushView } from '../../flush/flusher.ts';
import type { BlockedHost } from '../../flush/request.ts';
import { isBlocked } from '../../hostcache/entry.ts';
import { whyHidden } from '../../hostcache/release.ts';
import type { ServerSettings } from '../../hostcache/settings.ts';
import { readIdentity } from './identity.ts';
import type { Link, RowReader } from './link.ts';

const SNAPSHOT = 'SELECT * FROM performance_schema.host_cache';

/** The server's own clock, truncated to seconds. */
const NOW = 'SELECT UNIX_TIMESTAMP() AS nowS';

const PATIENCE_MS = 10_000;

export function createFlushView(link: Link, settings: () => Promise<ServerSettings>): FlushView {
  return {
    identity: () => readIdentity(link.ask),
    cache: async () => {
      const [known, [row]] = await Promise.all([settings(), link.ask(NOW)]);
      const readAt = new Date(Number(row?.['nowS']) * 1000);
      const cache = await link.readRows(SNAPSHOT, PATIENCE_MS, (columns) =>
        readCache(columns, known.maxConnectErrors, readAt),
      );
      return whyHidden(known, cache.entries) === null ? cache : null;
    },
  };
}

/** Keeps every row, because everything that a flush deletes is saved. */
function readCache(columns: readonly string[], limit: bigint, readAt: Date): RowReader<FlushCache> {
  const rows: (readonly unknown[])[] = [];
  return {
    add: (row) => rows.push(row),
    end: () => toCache(columns, rows, limit, readAt),
  };
}

function toCache(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  limit: bigint,
  readAt: Date,
): FlushCache {
  const at = (name: string) => columns.indexOf(name);
  const [address, sum, seen] = [at('IP'), at('SUM_CONNECT_ERRORS'), at('FIRST_SEEN')];
  const times = rows.flatMap((row) => (row[seen] instanceof Date ? [row[seen].getTime()] : []));
  const blockedHosts = rows
    .filter((row) => isBlocked({ connectErrors: Number(row[sum]) }, limit))
    .map(
      (row): BlockedHost => ({
        address: String(row[address]),
        connectErrors: Number(row[sum]),
        looksLikeAttack: looksLikeAttack(columns, row),
      }),
    );
  return {
    readAt,
    entries: rows.length,
    blockedHosts,
    csv: csv([columns, ...rows]),
    oldestAt: times.length === 0 ? null : new Date(times.reduce((a, b) => Math.min(a, b))),
  };
}

/** Whether the host also has many refused logins: somebody may be guessing passwords. */
function looksLikeAttack(columns: readonly string[], row: readonly unknown[]): boolean {
  const count = (name: string) => Number(row[columns.indexOf(name)] ?? 0);
  const refused = count('COUNT_AUTHENTICATION_ERRORS') + count('COUNT_AUTH_PLUGIN_ERRORS');
  return refused >= 10 && refused >= count('COUNT_HANDSHAKE_ERRORS') / 10;
}
