// Reads a whole server once: settings, cache, connections, stale names. Does I/O.

import { mapAtOnce } from '../chat/waiting.ts';
import { NAMES_SHOWN, type Resolver, sayNames } from '../diagnosis/dns-facts.ts';
import { type Known, known, toKnown, unknown } from '../diagnosis/evidence.ts';
import type { Target } from '../diagnosis/gather.ts';
import type { Activity } from '../hostcache/activity.ts';
import { parseAddress } from '../hostcache/address.ts';
import type { LoginCounts, LoginReading } from '../hostcache/failures.ts';
import { isCurrentName, isLocalName } from '../hostcache/host-name.ts';
import { type Release, releaseOf, whyHidden } from '../hostcache/release.ts';
import type { CacheReading, NamedEntry, Server } from '../hostcache/server.ts';
import { keepsHostCache, type ServerSettings } from '../hostcache/settings.ts';

export interface ServerLook {
  readonly server: string;
  readonly settings: Known<ServerSettings>;
  readonly cache: Known<CacheReading>;
  readonly activity: Known<Activity>;
  /** How many accounts have a host pattern that a name could match; they need the client's name. */
  readonly namedAccounts: Known<number>;
  /** The DNS check of each entry that was chosen, by address. */
  readonly names: ReadonlyMap<string, NameCheck>;
  /** What the server counts of logins; its parts are null where the server does not tell them. */
  readonly logins: Known<LoginReading>;
  readonly readAt: Date;
}

/** A cached name compared with what DNS returns now. */
export type NameCheck =
  | { readonly kind: 'current' }
  /** Only the database host can know the name; DNS does not give it. */
  | { readonly kind: 'local' }
  /** `today`: the first names; `total` counts them all. A resolver may give thousands. */
  | { readonly kind: 'stale'; readonly today: readonly string[]; readonly total?: number }
  | { readonly kind: 'failed' };

/** `DNS gives app.example.com`. */
export function sayToday({ today, total }: Extract<NameCheck, { kind: 'stale' }>): string {
  return `DNS gives ${sayNames(today, total)}`;
}

/** Why nothing is known about its hosts; null = settings and cache are known. */
export function whyUnread({ settings, cache }: ServerLook): string | null {
  if (!settings.known) return settings.why;
  return cache.known ? null : cache.why;
}

/** How many names one sweep checks in DNS, and how many of them at once. */
export const NAME_CHECKS = 64;
const NAME_CHECKS_AT_ONCE = 16;
/** After this many failures DNS is down; each further question would take its full timeout. */
const FAILURES_ENOUGH = 8;

const NOTHING: CacheReading = {
  total: 0,
  notable: [],
  named: [],
  errorTotals: {},
  oldestAt: null,
};

/** `choose` picks the names to check in DNS; checking all of them in every sweep would load it. */
export async function lookAt(
  { server, resolver }: Target,
  readAt: Date,
  choose: (cache: CacheReading) => readonly NamedEntry[],
): Promise<ServerLook> {
  const settings = await toKnown(server.settings());
  if (!settings.known) {
    // Each further question to a server that does not answer would take its full timeout.
    const others = {
      cache: settings,
      activity: settings,
      namedAccounts: settings,
      logins: settings,
    };
    return { server: server.name, settings, ...others, names: new Map(), readAt };
  }
  // The server answers in this order: the cache holds the names of all who logged in before it was read.
  const logins = await readLogins(server, settings.value, readAt);
  const [read, activity, namedAccounts] = await Promise.all([
    toKnown(server.cache()),
    toKnown(server.activity()),
    toKnown(server.countNamedAccounts()),
  ]);
  const cache = visibleCache(settings.value, read);
  const names = cache.known
    ? await checkNames(choose(cache.value), resolver, releaseOf(settings.value))
    : new Map();
  const seen = { settings, cache, activity, namedAccounts, names, logins };
  return { server: server.name, ...seen, readAt };
}

async function readLogins(
  server: Server,
  settings: ServerSettings,
  readAt: Date,
): Promise<Known<LoginReading>> {
  const { startedAt, performanceSchema } = settings;
  if (startedAt === null) return unknown('the server does not tell when it started');
  if (!performanceSchema) return unknown('performance_schema is off');
  // Failures are asked for last, so that no failed login looks like another one.
  const logins = await toKnown(server.logins(null));
  const isAsked = releaseOf(settings).hasErrorSummary && isSmall(logins);
  const failures = isAsked ? await toKnown(server.failures(null)) : null;
  return known({
    readAt,
    startedAt,
    failures: failures?.known === true ? failures.value : null,
    logins: logins.known ? logins.value.counts : null,
    lost: logins.known ? logins.value.lost : 0,
  });
}

/** The server looks up each account's failures: 0.1 s for 1,000 accounts, and all else waits for it. */
const ACCOUNTS_ASKED = 5000;

function isSmall(logins: Known<LoginCounts>): boolean {
  return !logins.known || logins.value.counts.length <= ACCOUNTS_ASKED;
}

/** The check of each entry, by address. Entries after too many failures have none. */
async function checkNames(
  entries: readonly NamedEntry[],
  resolver: Resolver,
  release: Release,
): Promise<ReadonlyMap<string, NameCheck>> {
  const checks = new Map<string, NameCheck>();
  let failures = 0;
  await mapAtOnce(NAME_CHECKS_AT_ONCE, entries, async (entry) => {
    if (failures >= FAILURES_ENOUGH) return;
    const check = await checkName(entry, resolver, release);
    if (check?.kind === 'failed') failures += 1;
    if (check !== null) checks.set(entry.address, check);
  });
  return checks;
}

/** Any of the names in DNS counts as current, because their order changes. null = not an address. */
async function checkName(
  { address: text, host }: NamedEntry,
  resolver: Resolver,
  release: Release,
): Promise<NameCheck | null> {
  const address = parseAddress(text);
  if (address === null) return null;
  const answer = await resolver.reverse(address);
  if (answer.kind === 'failed') return answer;
  const today = answer.kind === 'found' ? answer.values : [];
  if (isCurrentName(host, today, release)) return { kind: 'current' };
  if (isLocalName(host)) return { kind: 'local' };
  return { kind: 'stale', today: today.slice(0, NAMES_SHOWN), total: today.length };
}

function visibleCache(settings: ServerSettings, read: Known<CacheReading>): Known<CacheReading> {
  if (!keepsHostCache(settings)) return known(NOTHING);
  if (!read.known) return read;
  const hidden = whyHidden(settings, read.value.total);
  return hidden === null ? read : unknown(hidden);
}

/** The names of all stale hosts, and a part of the others, a new part each minute. */
export function chooseNames(
  named: readonly NamedEntry[],
  stale: readonly { readonly address: string }[],
  now: Date,
): readonly NamedEntry[] {
  const watched = new Set(stale.map(({ address }) => address));
  const others = watched.size === 0 ? named : named.filter(({ address }) => !watched.has(address));
  const room = Math.max(NAME_CHECKS - watched.size, 0);
  const turn = Math.floor(now.getTime() / 60_000) * NAME_CHECKS;
  const start = others.length <= room ? 0 : turn % others.length;
  const rotated = [...others.slice(start, start + room), ...others.slice(0, Math.min(start, room))];
  return [
    ...named.filter(({ address }) => watched.has(address)).slice(0, NAME_CHECKS),
    ...rotated.slice(0, room),
  ];
}
