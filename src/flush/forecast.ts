// Predicts for the approver what a flush would do to the clients of one server. Does I/O.

import { groupBy, listed } from '../chat/lists.ts';
import { pause } from '../chat/waiting.ts';
import { shorten } from '../chat/words.ts';
import { toKnown } from '../diagnosis/evidence.ts';
import type { Target } from '../diagnosis/gather.ts';
import { createJudge, type Judge, type Judged, judgeAll } from '../diagnosis/judge.ts';
import { parseAddress } from '../hostcache/address.ts';
import { entryNamed, type HostCacheEntry, isBlocked, isLastingNull } from '../hostcache/entry.ts';
import { whyHidden } from '../hostcache/release.ts';
import type { CacheReading } from '../hostcache/server.ts';
import { keepsHostCache } from '../hostcache/settings.ts';
import type { ClientEffect, Forecast } from './request.ts';

/** More clients would ask too much of DNS. */
const CLIENTS_JUDGED = 2_000;

/** The card waits no longer for DNS. */
const PATIENCE_MS = 7_000;

const CLIENTS_NAMED = 8;
const USERS_NAMED = 2;

/** Rejects as `Unreadable` if the settings cannot be read. */
export async function forecastFor(target: Target, now: Date, wait = pause): Promise<Forecast> {
  const [settings, cache, judge] = await Promise.all([
    target.server.settings(),
    toKnown(target.server.cache()),
    createJudge(target, now),
  ]);
  if (!cache.known) return { clients: null, why: cache.why, effects: [] };
  const { total } = cache.value;
  const hidden = keepsHostCache(settings) ? whyHidden(settings, total) : null;
  if (hidden !== null) return { clients: null, why: hidden, effects: [] };
  const limit = settings.maxConnectErrors;
  const entries = entriesOf(cache.value);
  // If no account is for a name, a flush changes nothing for the other clients.
  const isByAddress = judge.why === null && !judge.needsNames;
  const touched = isByAddress
    ? entries.filter((entry) => isBlocked(entry, limit))
    : losersFirst(entries, judge, limit);
  const chosen = touched.slice(0, CLIENTS_JUDGED);
  const judged = await judgeAll(judge, chosen, PATIENCE_MS, { wait });
  const unjudged = touched.flatMap(({ address }) => (judged.has(address) ? [] : [address]));
  return { clients: total, why: judge.why, effects: effectsOf([...judged.values()], unjudged) };
}

function entriesOf({ notable, named }: CacheReading): readonly HostCacheEntry[] {
  const isListed = new Set(notable.map(({ address }) => address));
  return [...notable, ...named.filter(({ address }) => !isListed.has(address)).map(entryNamed)];
}

/**
 * Clients that an account matches by a cached name can lose: they come first, the oldest names
 * among them at the front. Then blocked clients, then lasting NULLs.
 */
function losersFirst(
  entries: readonly HostCacheEntry[],
  judge: Judge,
  limit: bigint,
): readonly HostCacheEntry[] {
  const rankOf = (entry: HostCacheEntry): number => {
    const { address, host } = entry;
    const client = host === null ? null : parseAddress(address);
    if (host !== null && client !== null && judge.matchesName(client, host)) return 0;
    if (isBlocked(entry, limit)) return 1;
    return isLastingNull(entry) ? 2 : 3;
  };
  return entries
    .map((entry) => ({ entry, rank: rankOf(entry), seenMs: entry.firstSeenAt?.getTime() ?? 0 }))
    .sort((a, b) => a.rank - b.rank || a.seenMs - b.seenMs)
    .map(({ entry }) => entry);
}

function effectsOf(
  judged: readonly Judged[],
  unjudged: readonly string[],
): readonly ClientEffect[] {
  const groups = groupBy(judged, effectOf);
  const known = [...groups].flatMap(([, group]): readonly ClientEffect[] => {
    const [first] = group;
    const effect = first === undefined ? 'useless' : effectOf(first);
    if (effect === 'useless') return [];
    const isLost = effect === 'breaks' || effect === 'breaks-without-dns';
    const named = isLost ? group : group.slice(0, CLIENTS_NAMED);
    return [{ effect, clients: named.map(labelOf), total: group.length }];
  });
  if (unjudged.length === 0) return known;
  const clients = unjudged.slice(0, CLIENTS_NAMED);
  return [...known, { effect: 'unknown', clients, total: unjudged.length }];
}

function effectOf({ effect, keepsOut, isDnsFailing }: Judged): ClientEffect['effect'] {
  if (keepsOut !== null) return isDnsFailing ? 'breaks-without-dns' : 'breaks';
  // Nobody can log in to the accounts that such a client loses.
  return effect === 'breaks' ? 'useless' : effect;
}

/** `192.0.2.7 (as shop)`: only this user is kept out. */
export function labelOf({ address, keepsOut }: Judged): string {
  if (keepsOut === null || keepsOut.length === 0) return address;
  const users = keepsOut.map((user) => (user === '' ? 'anonymous' : shorten(user)));
  return `${address} (as ${listed(users, USERS_NAMED)})`;
}

export function addressIn(label: string): string {
  return label.split(' ', 1)[0] ?? label;
}
