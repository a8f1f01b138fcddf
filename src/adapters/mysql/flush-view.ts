// What a flush needs to read from a server, through the reading account. Does I/O.
import { csv } from '../../chat/csv.ts';
import type { FlushCache, FlushView } from '../../flush/flusher.ts';
import { counter, type HostCacheEntry, isBlocked } from '../../hostcache/entry.ts';
import { whyHidden } from '../../hostcache/release.ts';
import type { ServerSettings } from '../../hostcache/settings.ts';
import type { RowReader } from './answer.ts';
import { PATIENCE, WHOLE_CACHE } from './cache.ts';
import { createRowReader, toDate } from './entry.ts';
import { readIdentity } from './identity.ts';
import type { Link } from './link.ts';

/** The server's own clock, truncated to seconds. */
const NOW = 'SELECT UNIX_TIMESTAMP() AS nowS';

export function createFlushView(
  link: Link,
  settings: () => Promise<ServerSettings>,
  name: string,
): FlushView {
  return {
    identity: () => readIdentity(link.ask, name),
    cache: async () => {
      const [known, [row]] = await Promise.all([settings(), link.ask(NOW)]);
      const readAt = new Date(Number(row?.['nowS']) * 1000);
      const toReader = (columns: readonly string[]) =>
        readCache(columns, known.maxConnectErrors, readAt);
      const cache = await link.readRows(WHOLE_CACHE, toReader, PATIENCE);
      return whyHidden(known, cache.entries) === null ? cache : null;
    },
  };
}

/** Keeps every row, because everything that a flush deletes is saved. */
function readCache(columns: readonly string[], limit: bigint, readAt: Date): RowReader<FlushCache> {
  const rows: (readonly unknown[])[] = [];
  const isTime = columns.map((name) => /_SEEN$/i.test(name));
  return {
    add: (row) => rows.push(row.map((cell, at) => (isTime[at] === true ? toDate(cell) : cell))),
    end: () => {
      const entries = rows.map(createRowReader(columns));
      const blocked = entries.filter((entry) => isBlocked(entry, limit));
      return {
        readAt,
        entries: rows.length,
        blockedHosts: blocked.map((entry) => ({
          address: entry.address,
          connectErrors: entry.connectErrors,
          looksLikeAttack: looksLikeAttack(entry),
        })),
        csv: csv([columns, ...rows]),
        oldestAt: oldestOf(entries),
      };
    },
  };
}

/** Whether the host also has many refused logins: somebody may be guessing passwords. */
function looksLikeAttack(entry: HostCacheEntry): boolean {
  const guesses = ['COUNT_AUTHENTICATION_ERRORS', 'COUNT_AUTH_PLUGIN_ERRORS'];
  const refused = guesses.reduce((sum, column) => sum + counter(entry, column), 0);
  return refused >= 10 && refused >= counter(entry, 'COUNT_HANDSHAKE_ERRORS') / 10;
}

function oldestOf(entries: readonly HostCacheEntry[]): Date | null {
  const times = entries.flatMap(({ firstSeenAt }) => firstSeenAt ?? []);
  return times.reduce<Date | null>((a, b) => (a === null || b < a ? b : a), null);
}
