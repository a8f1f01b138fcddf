import { addSeconds } from 'date-fns/addSeconds';
import { subSeconds } from 'date-fns/subSeconds';
import { counter, isBlocked, isLastingNull, isNearBlock } from '../hostcache/entry.ts';
import { type ServerLook, whyUnread } from './look.ts';
import type { HostReading, SweepRecord } from './stores.ts';

/** What is remembered of a look: how it went, and the counters from which paces come. Pure. */

/** Of hosts with errors those that have most are followed: a scan leaves one on each of thousands. */
const HOSTS_FOLLOWED = 500;

export function readingsOf({ cache, readAt }: ServerLook): readonly HostReading[] {
  if (!cache.known) return [];
  return cache.value.notable
    .filter((entry) => entry.connectErrors > 0)
    .sort((a, b) => b.connectErrors - a.connectErrors)
    .slice(0, HOSTS_FOLLOWED)
    .map((entry) => ({
      address: entry.address,
      readAt,
      connectErrors: entry.connectErrors,
      handshakeErrors: counter(entry, 'COUNT_HANDSHAKE_ERRORS'),
      blockedErrors: counter(entry, 'COUNT_HOST_BLOCKED_ERRORS'),
      entryMadeAt: entry.firstSeenAt,
    }));
}

export function recordOf(
  look: ServerLook,
  silenced: number,
  startedAt: Date,
  endedAt: Date,
): SweepRecord {
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
    // Of all hosts, also those that raise no alert.
    blocked: entries.filter((entry) => isBlocked(entry, limit)).length,
    nullHosts: entries.filter(isLastingNull).length,
    stale: [...look.names.values()].filter(({ kind }) => kind === 'stale').length,
    nearBlock: entries.filter((entry) => isNearBlock(entry, limit)).length,
    silenced,
  };
}

/** Somebody flushed: there were entries, and all that are there now are younger than the last look. */
export function isEmptied({ cache, readAt }: ServerLook, last: SweepRecord | null): boolean {
  if (!cache.known || last === null || last.failure !== null || last.entries === 0) return false;
  const { oldestAt } = cache.value;
  // FIRST_SEEN is rounded to the second, up to half of one into the future.
  return oldestAt === null ? last.endedAt < readAt : oldestAt > addSeconds(last.endedAt, 1);
}

/** A server that was started since has an empty cache by itself. */
export function isRestarted({ settings, readAt }: ServerLook, last: SweepRecord): boolean {
  if (!settings.known) return true;
  const startedAt = subSeconds(readAt, settings.value.uptimeSeconds);
  return startedAt >= subSeconds(last.endedAt, 1);
}
