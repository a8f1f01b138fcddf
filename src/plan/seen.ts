// Finds every login that a server remembers: in its cache, its counters and its process list. Asks DNS for the addresses of names.

import { count, listed } from '../chat/lists.ts';
import { mapAtOnce, pause, within } from '../chat/waiting.ts';
import type { Resolver } from '../diagnosis/dns-facts.ts';
import { type Known, known, unknown } from '../diagnosis/evidence.ts';
import type { CachedName } from '../diagnosis/predict.ts';
import type { Activity } from '../hostcache/activity.ts';
import { type Address, parseAddress } from '../hostcache/address.ts';
import type { LoginCounts } from '../hostcache/failures.ts';
import type { CacheReading } from '../hostcache/server.ts';
import type { ServerSettings } from '../hostcache/settings.ts';
import type { SeenLogin, Witness } from './effects.ts';
import { clientText, type KnownClient, type LoginClient } from './world.ts';

export interface Readings {
  readonly settings: ServerSettings;
  readonly logins: Known<LoginCounts>;
  /** null = the server keeps no cache. */
  readonly cache: Known<CacheReading | null>;
  readonly activity: Known<Activity>;
  readonly readAt: Date;
}

export interface Found {
  readonly logins: readonly SeenLogin[];
  /** By address; without what DNS says. */
  readonly clients: ReadonlyMap<string, KnownClient>;
  /** What is not known, in sentences. */
  readonly gaps: readonly string[];
}

/** One place where a login was seen; `host` as the server wrote it. */
interface Mention {
  readonly user: string | null;
  readonly host: string;
  /** null = not known. */
  readonly isTcp: boolean | null;
  readonly witness: Witness;
  readonly lastSeenAt: Date | null;
}

interface CachedClient extends CachedName {
  readonly address: Address;
  readonly lastSeenAt: Date | null;
}

type AddressesOf = ReadonlyMap<string, readonly Address[]>;

const LOOPBACK: Address = { text: '127.0.0.1', family: 4 };

/** Names of which DNS is asked at once, and for how long. */
const NAMES_AT_ONCE = 64;
const NAMES_LIMIT_MS = 10_000;

/** Names in a sentence. */
const NAMED = 5;

export async function findLogins(readings: Readings, resolver: Resolver): Promise<Found> {
  const cached = cachedClients(readings.cache);
  const mentions = [...mentionsIn(readings), ...cachedMentions(cached)];
  const addressesOf = await findAddresses(mentions, cached, resolver);
  const clients = new Map<string, KnownClient>();
  const logins = new Map<string, SeenLogin>();
  const named = new Set<string>();
  for (const mention of mentions) {
    for (const client of clientsOf(mention, readings.settings, addressesOf)) {
      const text = clientText(client);
      if (mention.user !== null) named.add(text);
      // A client that logs in is no more told as one without a login name.
      else if (named.has(text)) continue;
      const key = JSON.stringify([mention.user, client.kind, text]);
      logins.set(key, joined(logins.get(key), mention, client, cached.get(text)));
      if (client.kind === 'address' && !clients.has(text)) {
        const entry = entryOf(mention, cached.get(text) ?? null, readings);
        clients.set(text, { address: client.address, entry, dns: null });
      }
    }
  }
  const gaps = [...unreadGaps(readings), ...localGap(mentions, readings), ...namelessGap(logins)];
  return { logins: [...logins.values()], clients, gaps };
}

/** With login names first. */
function mentionsIn({ logins, activity, readAt }: Readings): readonly Mention[] {
  const counted = logins.known ? logins.value.counts : [];
  const open = activity.known ? activity.value.sessions : [];
  const mentions = [
    ...counted.map(
      ({ user, host }): Mention => ({
        ...{ user, host, isTcp: null },
        ...{ witness: 'accounts', lastSeenAt: null },
      }),
    ),
    ...open.map(
      ({ user, host, isTcp }): Mention => ({
        ...{ user, host, isTcp },
        ...{ witness: 'processlist', lastSeenAt: readAt },
      }),
    ),
  ].filter(({ host }) => host !== '');
  return [
    ...mentions.filter(({ user }) => user !== null),
    ...mentions.filter(({ user }) => user === null),
  ];
}

function cachedMentions(cached: ReadonlyMap<string, CachedClient>): readonly Mention[] {
  return [...cached].map(([host, { lastSeenAt }]) => ({
    ...{ user: null, host, isTcp: true, witness: 'cache', lastSeenAt },
  }));
}

function cachedClients(cache: Readings['cache']): ReadonlyMap<string, CachedClient> {
  const clients = new Map<string, CachedClient>();
  if (!cache.known || cache.value === null) return clients;
  const { named, notable } = cache.value;
  const unnoted = { validated: true, connectErrors: 0, lastSeenAt: null };
  for (const { address: text, host, ...rest } of [
    ...named.map((entry) => ({ ...unnoted, ...entry })),
    ...notable,
  ]) {
    const address = parseAddress(text);
    if (address === null) continue;
    const { validated, connectErrors, lastSeenAt } = rest;
    clients.set(text, { address, host, validated, connectErrors, lastSeenAt });
  }
  return clients;
}

/** By name in lower case: those in the cache, or else those that DNS gives. */
async function findAddresses(
  mentions: readonly Mention[],
  cached: ReadonlyMap<string, CachedClient>,
  resolver: Resolver,
): Promise<AddressesOf> {
  const found = new Map<string, Address[]>();
  for (const { host, address } of cached.values()) {
    const name = host?.toLowerCase() ?? null;
    if (name !== null) found.set(name, [...(found.get(name) ?? []), address]);
  }
  const names = new Set(mentions.map(({ host }) => host.toLowerCase()));
  const missing = [...names].filter(
    (name) => !found.has(name) && name !== 'localhost' && parseAddress(name) === null,
  );
  const asked = mapAtOnce(NAMES_AT_ONCE, missing, async (name) => {
    const answer = await resolver.forward(name);
    if (answer.kind === 'found') found.set(name, [...answer.values]);
  });
  await within(asked, NAMES_LIMIT_MS, () => undefined, pause);
  return new Map(found);
}

/** The clients that the server can mean by a host. */
function clientsOf(
  { host, isTcp }: Mention,
  { skipNameResolve }: ServerSettings,
  addressesOf: AddressesOf,
): readonly LoginClient[] {
  const address = parseAddress(host);
  if (address !== null) return [{ kind: 'address', address }];
  if (host === 'localhost') {
    // Without names, only a client of the socket is called localhost.
    return isTcp === true && !skipNameResolve
      ? [{ kind: 'address', address: LOOPBACK }]
      : [{ kind: 'socket' }];
  }
  const addresses = addressesOf.get(host.toLowerCase()) ?? [];
  return addresses.length === 0
    ? [{ kind: 'name', name: host }]
    : addresses.map((each) => ({ kind: 'address', address: each }));
}

/** As the cache has it; if it cannot be seen, the name that the server wrote says what it has. */
function entryOf(
  { host }: Mention,
  cached: CachedClient | null,
  { cache }: Readings,
): KnownClient['entry'] {
  if (cache.known || cached !== null) return known(cached);
  return parseAddress(host) === null
    ? known({ host, validated: true, connectErrors: 0 })
    : unknown(cache.why);
}

function joined(
  seen: SeenLogin | undefined,
  { user, witness, lastSeenAt }: Mention,
  client: LoginClient,
  cached: CachedClient | undefined,
): SeenLogin {
  const witnesses: readonly Witness[] = [
    ...(cached === undefined ? [] : ['cache' as const]),
    ...(seen?.seen ?? []),
    witness,
  ];
  const times = [seen?.lastSeenAt, cached?.lastSeenAt, lastSeenAt].flatMap((at) => at ?? []);
  times.sort((a, b) => b.getTime() - a.getTime());
  return {
    login: { user, client },
    seen: [...new Set(witnesses)],
    lastSeenAt: times[0] ?? null,
  };
}

function* unreadGaps({ logins, cache, activity, settings }: Readings): Iterable<string> {
  if (!logins.known) yield logins.why;
  else if (logins.value.lost > 0) {
    yield `The server had no room for ${count(logins.value.lost, 'login name or host', 'login names or hosts')}, so clients are missing (performance_schema_accounts_size, performance_schema_hosts_size).`;
  }
  if (!cache.known && !settings.skipNameResolve) yield cache.why;
  if (!activity.known) yield activity.why;
  else if (!activity.value.seesOthers) {
    yield 'The reading account does not see the sessions of others (PROCESS).';
  }
}

/** With names, the server calls both ways localhost. */
function* localGap(mentions: readonly Mention[], { settings }: Readings): Iterable<string> {
  if (settings.skipNameResolve) return;
  const users = mentions.flatMap(({ user, host, isTcp }) =>
    host === 'localhost' && isTcp === null && user !== null ? [user || "''"] : [],
  );
  if (users.length === 0) return;
  yield `${listed([...new Set(users)], NAMED)} logged in from localhost: planned for the socket; over TCP, they come from 127.0.0.1 where names are off.`;
}

function* namelessGap(logins: ReadonlyMap<string, SeenLogin>): Iterable<string> {
  const names = [...logins.values()].flatMap(({ login: { client } }) =>
    client.kind === 'name' ? [client.name] : [],
  );
  if (names.length === 0) return;
  yield `The address of ${listed([...new Set(names)], NAMED)} is not known, neither from the host cache nor from DNS.`;
}
