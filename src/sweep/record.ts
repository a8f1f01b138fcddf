import { addSeconds } from 'date-fns/addSeconds';
import { subSeconds } from 'date-fns/subSeconds';
import {
  counter,
  type HostCacheEntry,
  isBlocked,
  isLastingNull,
  isNearBlock,
} from '../hostcache/entry.ts';
import { isSameStart } from '../hostcache/failures.ts';
import { type ServerLook, whyUnread } from './look.ts';
import type { HostReading } from './pace.ts';
import type { SweepRecord } from './stores.ts';

/** What is stored of a look: how it went, and the counters from which paces are computed. Pure. */

/** Only the hosts with the most errors are followed: a scan leaves one error on thousands of hosts. */
const HOSTS_FOLLOWED = 500;

export function readingsOf({ cache, readAt }: ServerLook): readonly HostReading[] {
  if (!cache.known) return [];
  return withMostErrors(cache.value.notable).map((entry) => ({
    address: entry.address,
    readAt,
    handshakeErrors: counter(entry, 'COUNT_HANDSHAKE_ERRORS'),
    entryMadeAt: entry.firstSeenAt,
  }));
}

function withMostErrors(entries: readonly HostCacheEntry[]): readonly HostCacheEntry[] {
  let most: HostCacheEntry[] = [];
  for (const entry of entries) {
    if (entry.connectErrors > 0) most.push(entry);
    // Sorting a full cache at once would block the process.
    if (most.length === 4 * HOSTS_FOLLOWED) most = most.sort(moreErrors).slice(0, HOSTS_FOLLOWED);
  }
  return most.sort(moreErrors).slice(0, HOSTS_FOLLOWED);
}

/** Equal ones in a fixed order, so that each sweep follows the same hosts. */
function moreErrors(a: HostCacheEntry, b: HostCacheEntry): number {
  return b.connectErrors - a.connectErrors || (a.address < b.address ? -1 : 1);
}

export function recordOf(
  look: ServerLook,
  silenced: number,
  times: Pick<SweepRecord, 'endedAt' | 'nextAt'> & { readonly startedAt: Date },
): SweepRecord {
  const { startedAt, endedAt, nextAt } = times;
  const { settings, cache, server } = look;
  const entries = settings.known && cache.known ? cache.value.notable : [];
  const limit = settings.known ? settings.value.maxConnectErrors : 0n;
  return {
    server,
    endedAt,
    tookMs: endedAt.getTime() - startedAt.getTime(),
    failure: whyUnread(look),
    version: settings.known ? settings.value.version.text : null,
    entries: cache.known ? cache.value.total : 0,
    capacity: settings.known ? settings.value.hostCacheSize : 0,
    // All hosts count, even those that raise no alert.
    blocked: entries.filter((entry) => isBlocked(entry, limit)).length,
    nullHosts: entries.filter(isLastingNull).length,
    stale: [...look.names.values()].filter(({ kind }) => kind === 'stale').length,
    nearBlock: entries.filter((entry) => isNearBlock(entry, limit)).length,
    silenced,
    nextAt,
  };
}

/** Whether the cache was emptied: it had entries, and all entries now are newer than the last look. */
export function isEmptied({ cache, readAt }: ServerLook, last: SweepRecord | null): boolean {
  if (!cache.known || last === null || last.failure !== null || last.entries === 0) return false;
  const { oldestAt } = cache.value;
  // FIRST_SEEN is rounded to the second, up to half a second into the future.
  return oldestAt === null ? last.endedAt < readAt : oldestAt > addSeconds(last.endedAt, 1);
}

/**
 * Whether the server was started after the last sweep, with an empty cache, or another one answers
 * behind the address: with another release, or another start than `startedBefore` (null = not known).
 * Unknown counts as yes.
 */
export function isRestarted(
  { settings, readAt }: ServerLook,
  last: SweepRecord,
  startedBefore: Date | null,
): boolean {
  if (!settings.known || settings.value.version.text !== last.version) return true;
  const { startedAt: start } = settings.value;
  if (startedBefore !== null && start !== null && !isSameStart(startedBefore, start)) return true;
  const startedAt = subSeconds(readAt, settings.value.uptimeSeconds);
  return startedAt >= subSeconds(last.endedAt, 1);
}
