// Asks one server and DNS for all the facts of a diagnosis at once; what does not answer becomes a gap.

import { type Address, isLoopback } from '../hostcache/address.ts';
import { counter, type HostCacheEntry, isLastingNull } from '../hostcache/entry.ts';
import type { LoginCounts, LoginFailure } from '../hostcache/failures.ts';
import { releaseOf, whyHidden, whyNoFailures } from '../hostcache/release.ts';
import type { Server } from '../hostcache/server.ts';
import { keepsHostCache, type ServerSettings } from '../hostcache/settings.ts';
import { acceptedName, askDns, type DnsFacts, matchedName, type Resolver } from './dns-facts.ts';
import { type Evidence, type Known, known, toKnown, unknown } from './evidence.ts';

/** A configured server, and the resolver for the names of its clients. */
export interface Target {
  readonly server: Server;
  readonly resolver: Resolver;
}

/** `readAt`: when the question was asked. */
export type Subject = Pick<Evidence, 'client' | 'user' | 'readAt'> &
  Partial<Pick<Evidence, 'reported'>>;

export async function gather({ server, resolver }: Target, subject: Subject): Promise<Evidence> {
  const { client } = subject;
  const [settings, read, activity, dnsFacts] = await Promise.all([
    toKnown(server.settings()),
    toKnown(server.entry(client)),
    toKnown(server.activity()),
    isLoopback(client) ? null : askDns(client, resolver),
  ]);
  const dns = settings.known && settings.value.skipNameResolve ? null : dnsFacts;
  const isCached = settings.known && keepsHostCache(settings.value) && !isLoopback(client);
  const noEntry = settings.known ? known(null) : settings;
  const entry = isCached ? await visibleEntry(server, settings.value, read) : noEntry;
  const isAbsent = isCached && entry.known && entry.value === null;
  const isRejected = entry.known && entry.value !== null && isNameRejected(entry.value);
  const [accounts, rejectedName, entryCount, witness] = await Promise.all([
    settings.known ? toKnown(askAccounts(server, subject, settings.value, entry, dns)) : settings,
    isRejected ? toKnown(server.rejectedName(client)) : known(null),
    isAbsent ? toKnown(server.entryCount()) : known(null),
    askFailures(server, settings, hostsOf(client, entry, dns)),
  ]);
  return {
    reported: null,
    ...subject,
    server: server.name,
    settings,
    entry,
    accounts,
    entryCount: entryCount.known ? entryCount.value : null,
    activity,
    ...witness,
    dns,
    resolver: resolver.label,
    // Few reading accounts may read the error log, and no verdict depends on it.
    rejectedName: rejectedName.known ? rejectedName.value : null,
  };
}

function askAccounts(
  server: Server,
  { client, user }: Subject,
  settings: ServerSettings,
  entry: Known<HostCacheEntry | null>,
  dns: DnsFacts | null,
) {
  const cached = entry.known ? entry.value : null;
  const dnsName = dns === null ? null : matchedName(dns, releaseOf(settings));
  const currentName = isLoopback(client) ? 'localhost' : (cached?.host ?? null);
  const isLasting = cached !== null && isLastingNull(cached);
  return server.accounts({
    address: client,
    names: [currentName, dnsName].filter((name) => name !== null),
    ...(user === null ? {} : { user }),
    // A name that is not known today matters if a DNS fix could give the client one.
    anyName: !entry.known || settings.skipNameResolve || (isLasting && dnsName === null),
  });
}

/** How the server may write this client in its record of logins. */
function hostsOf(
  client: Address,
  entry: Known<HostCacheEntry | null>,
  dns: DnsFacts | null,
): readonly string[] {
  const cached = entry.known ? (entry.value?.host ?? null) : null;
  const names = [
    isLoopback(client) ? 'localhost' : cached,
    dns === null ? null : acceptedName(dns),
  ];
  return [...new Set([client.text, ...names.filter((name) => name !== null)])];
}

interface Witness {
  readonly failures: Known<readonly LoginFailure[]>;
  readonly logins: Known<LoginCounts>;
}

async function askFailures(
  server: Server,
  settings: Known<ServerSettings>,
  hosts: readonly string[],
): Promise<Witness> {
  const why = settings.known ? whyNoFailures(settings.value) : settings.why;
  if (why !== null) return { failures: unknown(why), logins: unknown(why) };
  const [failures, logins] = await Promise.all([
    toKnown(server.failures(hosts)),
    toKnown(server.logins(hosts)),
  ]);
  return { failures, logins };
}

/** The entry as read, or unknown: some releases show an empty table where they hide the cache. */
async function visibleEntry(
  server: Server,
  settings: ServerSettings,
  read: Known<HostCacheEntry | null>,
): Promise<Known<HostCacheEntry | null>> {
  if (!read.known) return read;
  const dependsOnRows = releaseOf(settings).showsCache === 'if-rows' && read.value === null;
  const rows = dependsOnRows ? await toKnown(server.entryCount()) : known(1);
  const hidden = rows.known ? whyHidden(settings, rows.value) : rows.why;
  return hidden === null ? read : unknown(hidden);
}

/** Whether the server rejected the client's name for a reason that its error log gives with the name. */
function isNameRejected(entry: HostCacheEntry): boolean {
  const columns = ['COUNT_FORMAT_ERRORS', 'COUNT_FCRDNS_ERRORS'];
  return entry.host === null && columns.some((column) => counter(entry, column) > 0);
}
