// Asks one server, and DNS, for all that a plan depends on: no more than a sweep and an audit ask.

import { count } from '../chat/lists.ts';
import { createUnreadable } from '../chat/unreadable.ts';
import { mapAtOnce, pause, within } from '../chat/waiting.ts';
import { countedLogins } from '../diagnosis/counted-logins.ts';
import { acceptedName, askDns, type DnsFacts } from '../diagnosis/dns-facts.ts';
import { type Known, known, toKnown, unknown } from '../diagnosis/evidence.ts';
import type { Target } from '../diagnosis/gather.ts';
import { dnsGiving } from '../diagnosis/judge.ts';
import type { Address } from '../hostcache/address.ts';
import { needsName, parseHostPattern } from '../hostcache/host-pattern.ts';
import { releaseOf, whyHidden } from '../hostcache/release.ts';
import type { AccountList, CacheReading } from '../hostcache/server.ts';
import { keepsHostCache, type ServerSettings } from '../hostcache/settings.ts';
import { type Change, hostsNamedBy } from './change.ts';
import type { Seen } from './plan.ts';
import { findLogins, type Readings } from './seen.ts';
import { type KnownClient, readAccounts } from './world.ts';

/** A plan without some of the accounts would be wrong, so all of them are read. */
const ACCOUNTS_LIMIT = 500_000;

/** DNS names that are asked at once, and for how long. */
const DNS_AT_ONCE = 64;
const DNS_LIMIT_MS = 15_000;

/**
 * `change` null = none is planned; `also`: clients that the server may have forgotten. Rejects as
 * `Unreadable` if the settings or the accounts cannot be read.
 */
export async function gatherSeen(
  target: Target,
  change: Change | null,
  now: () => Date,
  also: readonly Address[] = [],
): Promise<Seen> {
  const { server } = target;
  const settings = await server.settings();
  const [accounts, counted, cache, activity] = await Promise.all([
    server.allAccounts(ACCOUNTS_LIMIT),
    toKnown(server.logins(null)),
    keepsHostCache(settings) ? visibleCache(target, settings) : known(null),
    toKnown(server.activity()),
  ]);
  if (accounts.more > 0) {
    throw createUnreadable(
      `${server.name} has over ${ACCOUNTS_LIMIT} accounts, too many for a plan.`,
    );
  }
  const logins = countedLogins(counted, settings);
  const readings: Readings = { settings, logins, cache, activity, readAt: now() };
  const found = await findLogins(readings, target.resolver);
  const asked = withClients(found.clients, also, cache);
  const clients = await resolveClients(target, asked, { settings, accounts }, change);
  const startedAt =
    settings.startedAt ?? new Date(readings.readAt.getTime() - settings.uptimeSeconds * 1000);
  const since = logins.known ? startedAt : (cachedSince(cache) ?? readings.readAt);
  return {
    server: server.name,
    world: {
      settings,
      accounts: readAccounts(accounts.rows),
      isOpen: false,
      clients: clients.known,
      isCacheEmptied: false,
      hasNewPasswords: false,
      dns: new Map(),
    },
    logins: found.logins,
    memory: logins.known ? 'counted' : counted.known ? 'none' : 'unreadable',
    since,
    readAt: readings.readAt,
    gaps: [...found.gaps, ...clients.gaps],
  };
}

function withClients(
  seen: ReadonlyMap<string, KnownClient>,
  also: readonly Address[],
  cache: Readings['cache'],
): ReadonlyMap<string, KnownClient> {
  // Every client in the cache is among those that were seen.
  const entry = cache.known ? known(null) : unknown(cache.why);
  const others = also.map((address) => [address.text, { address, entry, dns: null }] as const);
  return new Map([...others, ...seen]);
}

async function visibleCache(
  { server }: Target,
  settings: ServerSettings,
): Promise<Known<CacheReading>> {
  const cache = await toKnown(server.cache());
  if (!cache.known) return cache;
  const hidden = whyHidden(settings, cache.value.total);
  return hidden === null ? cache : unknown(hidden);
}

function cachedSince(cache: Readings['cache']): Date | null {
  return cache.known ? (cache.value?.oldestAt ?? null) : null;
}

interface Resolved {
  readonly known: ReadonlyMap<string, KnownClient>;
  readonly gaps: readonly string[];
}

/** What DNS gives for the clients where an answer depends on it. */
async function resolveClients(
  { resolver }: Target,
  seen: ReadonlyMap<string, KnownClient>,
  { settings, accounts }: { readonly settings: ServerSettings; readonly accounts: AccountList },
  change: Change | null,
): Promise<Resolved> {
  const which = asksNames(settings, accounts, change);
  const resolved = new Map<string, KnownClient>();
  const asked: KnownClient[] = [];
  for (const [text, client] of seen) {
    const cached = client.entry.known ? client.entry.value : null;
    const isNew = cached?.validated !== true;
    const isChanged = change?.kind === 'dns' && change.address.text === text;
    if (which === 'all' || (which === 'uncached' && isNew) || isChanged) asked.push(client);
    // If no answer depends on its name, a client may as well keep the one that it has.
    else resolved.set(text, { ...client, dns: dnsGiving(cached?.host ?? null) });
  }
  let isOver = false;
  const answers = mapAtOnce(DNS_AT_ONCE, asked, async (client) => {
    if (isOver) return;
    const dns = await askDns(client.address, resolver);
    if (!isOver) resolved.set(client.address.text, resolvedClient(client, dns));
  });
  await within(answers, DNS_LIMIT_MS, () => undefined, pause);
  isOver = true;
  const silent = asked.filter(({ address }) => {
    const dns = resolved.get(address.text)?.dns ?? null;
    return dns === null || dns.status === 'failed';
  });
  const who = count(silent.length, 'client');
  const gaps = silent.length === 0 ? [] : [`DNS gave no answer for ${who} (${resolver.label}).`];
  return { known: new Map([...seen, ...resolved]), gaps };
}

/** Without a name in DNS, the server has none for it, whether its cache holds an entry or not. */
function resolvedClient(client: KnownClient, dns: DnsFacts): KnownClient {
  const isNameless = !client.entry.known && acceptedName(dns) === null;
  return { ...client, dns, ...(isNameless && { entry: known(null) }) };
}

/** Whose names an answer depends on; `uncached`: of those that the server would look up. */
function asksNames(
  settings: ServerSettings,
  accounts: AccountList,
  change: Change | null,
): 'all' | 'uncached' | 'none' {
  const { rules } = releaseOf(settings);
  const hosts = [
    ...accounts.rows.map(({ host }) => host),
    ...(change === null ? [] : hostsNamedBy(change)),
  ];
  const isForNames = hosts.some((host) => needsName(parseHostPattern(host, rules), rules));
  if (!isForNames) return 'none';
  switch (change?.kind) {
    case 'skip-name-resolve':
      return change.on ? 'uncached' : 'all';
    case 'dns':
      return settings.skipNameResolve ? 'none' : 'uncached';
    // A lower limit can need a flush before, and a copy of an account can be for a name.
    default:
      return settings.skipNameResolve ? 'none' : 'all';
  }
}
