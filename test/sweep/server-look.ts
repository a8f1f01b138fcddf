import { known, unknown } from '../../src/diagnosis/evidence.ts';
import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import type { CacheReading } from '../../src/hostcache/server.ts';
import type { ServerLook } from '../../src/sweep/look.ts';
import { MYSQL } from '../scenarios/servers.ts';

const READ_AT = new Date('2026-11-21T04:00:00Z');

/** One look at a server with these entries; the limit of connect errors is 100, the size 279. */
export function look(
  entries: readonly HostCacheEntry[],
  change: Partial<ServerLook> = {},
): ServerLook {
  const cache: CacheReading = {
    total: entries.length,
    notable: entries.filter(({ host, connectErrors }) => host === null || connectErrors > 0),
    named: entries.flatMap(({ address, host, firstSeenAt }) =>
      host === null ? [] : [{ address, host, firstSeenAt }],
    ),
    errorTotals: {},
    oldestAt: null,
  };
  return {
    server: 'main',
    settings: known(MYSQL),
    cache: known(cache),
    activity: unknown('no PROCESS'),
    namedAccounts: known(1),
    names: new Map(),
    logins: unknown('performance_schema is off'),
    readAt: READ_AT,
    ...change,
  };
}
