// Asks one server and DNS all that a diagnosis needs, at once; whoever does not answer is a gap.

import { type Address, isLoopback } from '../hostcache/address.ts';
import { counter, type HostCacheEntry, isLastingNull } from '../hostcache/entry.ts';
import { releaseOf, whyHidden } from '../hostcache/release.ts';
import type { Server } from '../hostcache/server.ts';
import { keepsHostCache, type ServerSettings } from '../hostcache/settings.ts';
import type { Resolver } from './dns-facts.ts';
import { acceptedName, askDns, type DnsFacts } from './dns-facts.ts';
import { type Evidence, type Known, known, toKnown, unknown } from './evidence.ts';

/** One server, and who its clients' names are asked of. */
export interface Target {
  readonly server: Server;
  readonly resolver: Resolver;
}

export interface Subject {
  readonly client: Address;
  /** null = not given. */
  readonly user: string | null;
  /** When the question was put. */
  readonly readAt: Date;
}

export async function gather({ server, resolver }: Target, subject: Subject): Promise<Evidence> {
  const { client, user, readAt } = subject;
  const [settings, read, activity, asked] = await Promise.all([
    toKnown(server.settings()),
    toKnown(server.entry(client)),
    toKnown(server.activity()),
    isLoopback(client) ? null : askDns(client, resolver),
  ]);
  const dns = settings.known && settings.value.skipNameResolve ? null : asked;
  const isKept = settings.known && keepsHostCache(settings.value) && !isLoopback(client);
  const entry = isKept
    ? await visibleEntry(server, settings.value, read)
    : settings.known
      ? known(null)
      : settings;
  const isAbsent = isKept && entry.known && entry.value === null;
  const cached = entry.known ? entry.value : null;
  const [accounts, rejectedName, entryCount] = await Promise.all([
    settings.known ? toKnown(askAccounts(server, subject, settings.value, entry, dns)) : settings,
    cached !== null && isRejected(cached) ? toKnown(server.rejectedName(client)) : known(null),
    isAbsent ? toKnown(server.entryCount()) : known(null),
  ]);
  return {
    server: server.name,
    client,
    user,
    settings,
    entry,
    accounts,
    entryCount: entryCount.known ? entryCount.value : null,
    activity,
    dns,
    resolver: resolver.label,
    // Few reading accounts may read the error log, and no verdict rests on it.
    rejectedName: rejectedName.known ? rejectedName.value : null,
    readAt,
  };
}

function askAccounts(
  server: Server,
  { client, user }: Subject,
  settings: ServerSettings,
  entry: Known<HostCacheEntry | null>,
  dns: DnsFacts | null,
) {
  const cachedName = entry.known ? (entry.value?.host ?? null) : null;
  const dnsName = dns === null ? null : acceptedName(dns);
  const local = isLoopback(client) ? 'localhost' : null;
  const isLasting = entry.known && entry.value !== null && isLastingNull(entry.value);
  return server.accounts({
    address: client,
    names: [local ?? cachedName, dnsName].filter((name) => name !== null),
    ...(user === null ? {} : { user }),
    // A name that is not known today matters where a fix of DNS could give one.
    anyName: !entry.known || settings.skipNameResolve || (isLasting && dnsName === null),
  });
}

/** What the server shows, read with care: an empty table may only be a hidden one. */
async function visibleEntry(
  server: Server,
  settings: ServerSettings,
  read: Known<HostCacheEntry | null>,
): Promise<Known<HostCacheEntry | null>> {
  if (!read.known) return read;
  const asksForRows = releaseOf(settings).showsCache === 'if-rows' && read.value === null;
  const rows = asksForRows ? await toKnown(server.entryCount()) : known(1);
  const hidden = rows.known ? whyHidden(settings, rows.value) : rows.why;
  return hidden === null ? read : unknown(hidden);
}

/** The three refusals of a name in which the error log tells the name. */
function isRejected(entry: HostCacheEntry): boolean {
  return (
    entry.host === null &&
    ['COUNT_FORMAT_ERRORS', 'COUNT_FCRDNS_ERRORS'].some((column) => counter(entry, column) > 0)
  );
}
