// One look at a whole server: its settings, its cache in one reading, who is connected, stale names.

import { mapAtOnce } from '../chat/waiting.ts';
import type { Resolver } from '../diagnosis/dns-facts.ts';
import { type Known, known, toKnown, unknown } from '../diagnosis/evidence.ts';
import type { Target } from '../diagnosis/gather.ts';
import type { Activity } from '../hostcache/activity.ts';
import { parseAddress } from '../hostcache/address.ts';
import { isCurrentName } from '../hostcache/host-name.ts';
import { whyHidden } from '../hostcache/release.ts';
import type { CacheReading, NamedEntry } from '../hostcache/server.ts';
import { keepsHostCache, type ServerSettings } from '../hostcache/settings.ts';

export interface ServerLook {
  readonly server: string;
  readonly settings: Known<ServerSettings>;
  readonly cache: Known<CacheReading>;
  readonly activity: Known<Activity>;
  /** How many accounts have a pattern that some name could match; each needs a name to be known. */
  readonly namedAccounts: Known<number>;
  /** What DNS says today of the entries that were asked for, by address. */
  readonly names: ReadonlyMap<string, NameCheck>;
  readonly readAt: Date;
}

/** A cached name beside today's DNS. */
export type NameCheck =
  | { readonly kind: 'current' }
  | { readonly kind: 'stale'; readonly today: readonly string[] }
  | { readonly kind: 'failed' };

/** `DNS gives app.example.com`. */
export function sayToday({ today }: Extract<NameCheck, { kind: 'stale' }>): string {
  return `DNS gives ${today.length === 0 ? 'no name' : today.join(', ')}`;
}

/** Why nothing can be said of its hosts; null = settings and cache are known. */
export function whyUnread({ settings, cache }: ServerLook): string | null {
  if (!settings.known) return settings.why;
  return cache.known ? null : cache.why;
}

/** So many names are asked of DNS in one sweep, a part of them at once. */
export const NAME_CHECKS = 64;
const NAME_CHECKS_AT_ONCE = 16;
/** DNS that failed so often is down; each further question would take its whole patience. */
const FAILURES_ENOUGH = 8;

const NOTHING: CacheReading = {
  total: 0,
  notable: [],
  named: [],
  errorTotals: {},
  oldestAt: null,
};

/** `choose` picks the names to ask of DNS this time: asking all of them each time would load it. */
export async function lookAt(
  { server, resolver }: Target,
  readAt: Date,
  choose: (cache: CacheReading) => readonly NamedEntry[],
): Promise<ServerLook> {
  const settings = await toKnown(server.settings());
  if (!settings.known) return unseen(server.name, settings, readAt);
  const [read, activity, namedAccounts] = await Promise.all([
    toKnown(server.cache()),
    toKnown(server.activity()),
    toKnown(server.countNamedAccounts()),
  ]);
  const cache = visibleCache(settings.value, read);
  const names = cache.known ? await checkNames(choose(cache.value), resolver) : new Map();
  return { server: server.name, settings, cache, activity, namedAccounts, names, readAt };
}

/** A server that does not answer the first question is asked no other: each would take its whole patience. */
function unseen(
  server: string,
  why: Extract<Known<never>, { known: false }>,
  readAt: Date,
): ServerLook {
  const [settings, cache, activity, namedAccounts] = [why, why, why, why];
  return { server, settings, cache, activity, namedAccounts, names: new Map(), readAt };
}

/** Asks DNS for each entry again; the order of the answers does not matter. */
async function checkNames(
  entries: readonly NamedEntry[],
  resolver: Resolver,
): Promise<ReadonlyMap<string, NameCheck>> {
  const checks = new Map<string, NameCheck>();
  let failures = 0;
  await mapAtOnce(NAME_CHECKS_AT_ONCE, entries, async (entry) => {
    if (failures >= FAILURES_ENOUGH) return;
    const check = await checkName(entry, resolver);
    if (check?.kind === 'failed') failures += 1;
    if (check !== null) checks.set(entry.address, check);
  });
  return checks;
}

/** Any name of today will do: the server takes the first, and their order changes. */
async function checkName(
  { address: text, host }: NamedEntry,
  resolver: Resolver,
): Promise<NameCheck | null> {
  const address = parseAddress(text);
  if (address === null) return null;
  const answer = await resolver.reverse(address);
  if (answer.kind === 'failed') return answer;
  const today = answer.kind === 'found' ? answer.values : [];
  return isCurrentName(host, today) ? { kind: 'current' } : { kind: 'stale', today };
}

function visibleCache(settings: ServerSettings, read: Known<CacheReading>): Known<CacheReading> {
  if (!keepsHostCache(settings)) return known(NOTHING);
  if (!read.known) return read;
  const hidden = whyHidden(settings, read.value.total);
  return hidden === null ? read : unknown(hidden);
}

/** Every name of a stale host, and a part of the others that moves on with time. */
export function chooseNames(
  named: readonly NamedEntry[],
  stale: readonly { readonly address: string }[],
  now: Date,
): readonly NamedEntry[] {
  const watched = new Set(stale.map(({ address }) => address));
  const others = named.filter(({ address }) => !watched.has(address));
  const room = Math.max(NAME_CHECKS - watched.size, 0);
  const turn = Math.floor(now.getTime() / 60_000) * NAME_CHECKS;
  const start = others.length <= room ? 0 : turn % others.length;
  const rotated = [...others.slice(start), ...others.slice(0, start)];
  return [
    ...named.filter(({ address }) => watched.has(address)).slice(0, NAME_CHECKS),
    ...rotated.slice(0, room),
  ];
}
