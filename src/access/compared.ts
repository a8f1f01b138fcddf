import { accountName } from '../hostcache/account.ts';
import { isBlocked } from '../hostcache/entry.ts';
import type { CacheReading } from '../hostcache/server.ts';
import type { AccessEvent } from './record.ts';
import type { KnownAccount, KnownClient } from './stores.ts';

/** What changed between two readings: clients in the host cache, and accounts. Pure. */

/** Beyond these, names and blocks of clients are not followed. */
const CLIENTS_FOLLOWED = 5_000;

/** The hosts that logged in or failed, as the server wrote them, in lower case. */
type Hosts = ReadonlySet<string>;

/** The clients whose names and blocks are followed. null = the cache could not be read yet. */
export function followedClients(
  before: readonly KnownClient[] | null,
  cache: CacheReading | null,
  hosts: Hosts,
  maxConnectErrors: bigint,
): readonly KnownClient[] | null {
  if (cache === null) return before;
  const known = new Set((before ?? []).map(({ address }) => address));
  const isSeen = ({ address, name }: KnownClient) => isAmong(hosts, address, name);
  const cached = cachedClients(
    cache,
    maxConnectErrors,
    (address, name) => known.has(address) || isAmong(hosts, address, name),
  );
  const active: KnownClient[] = [];
  const idle: KnownClient[] = [];
  for (const client of cached.values()) {
    (client.isBlocked || isSeen(client) ? active : idle).push(client);
  }
  const clients = [...active, ...goneFrom(before ?? [], cached).filter(isSeen), ...idle];
  return clients.slice(0, CLIENTS_FOLLOWED);
}

/** What happened to the clients that were followed, and which others are blocked now. */
export function clientEvents(
  before: readonly KnownClient[] | null,
  cache: CacheReading | null,
  hosts: () => Hosts,
  { maxConnectErrors, at }: { readonly maxConnectErrors: bigint; readonly at: Date },
): readonly AccessEvent[] {
  if (before === null || cache === null) return [];
  const known = new Map(before.map((client) => [client.address, client]));
  const blocked = new Set(
    cache.notable.flatMap((entry) => (isBlocked(entry, maxConnectErrors) ? [entry.address] : [])),
  );
  const cached = cachedClients(
    cache,
    maxConnectErrors,
    // In the order in which they are followed.
    (address, name) =>
      known.has(address) || (blocked.has(address) && isAmong(hosts(), address, name)),
  );
  const clients = [...cached.values(), ...goneFrom(before, cached)];
  return clients.flatMap((client) => changesOf(known.get(client.address), client, at));
}

function isAmong(hosts: Hosts, address: string, name: string | null): boolean {
  return hosts.has(address) || (name !== null && hosts.has(name.toLowerCase()));
}

/** Those that are blocked or followed, by address: few of a full cache. */
function cachedClients(
  { notable, named }: CacheReading,
  maxConnectErrors: bigint,
  isFollowed: (address: string, name: string | null) => boolean,
): ReadonlyMap<string, KnownClient> {
  const clients = new Map<string, KnownClient>();
  for (const { address, host: name } of named) {
    if (isFollowed(address, name)) clients.set(address, { address, name, isBlocked: false });
  }
  for (const entry of notable) {
    const { address, host: name } = entry;
    const client = { address, name, isBlocked: isBlocked(entry, maxConnectErrors) };
    if (client.isBlocked || isFollowed(address, name)) clients.set(address, client);
  }
  return clients;
}

/** Those whose entry is gone keep the name by which the server's counters still know them. */
function goneFrom(
  before: readonly KnownClient[],
  cached: ReadonlyMap<string, KnownClient>,
): readonly KnownClient[] {
  const gone = before.filter(({ address }) => !cached.has(address));
  return gone.map((client) => ({ ...client, isBlocked: false }));
}

function changesOf(
  before: KnownClient | undefined,
  { address, name, isBlocked: isBlockedNow }: KnownClient,
  at: Date,
): readonly AccessEvent[] {
  const events: AccessEvent[] = [];
  if (before !== undefined && before.name?.toLowerCase() !== name?.toLowerCase()) {
    events.push({ kind: 'name', at, address, from: before.name, to: name });
  }
  if ((before?.isBlocked ?? false) !== isBlockedNow) {
    events.push({ kind: isBlockedNow ? 'blocked' : 'unblocked', at, address });
  }
  return events;
}

/** Which accounts were added, dropped or changed; none while one list is not known. */
export function compareAccounts(
  before: readonly KnownAccount[] | null,
  now: readonly KnownAccount[] | null,
  at: Date,
): readonly AccessEvent[] {
  if (before === null || now === null || before === now) return [];
  const event = (account: string, change: 'added' | 'dropped' | 'changed'): AccessEvent => ({
    ...{ kind: 'account', at },
    ...{ account, change },
  });
  const marks = new Map(before.map((each) => [accountName(each), each.mark]));
  const names = new Set(now.map(accountName));
  const changed = now.flatMap((each) => {
    const name = accountName(each);
    const mark = marks.get(name);
    if (mark === undefined) return [event(name, 'added')];
    return mark === each.mark ? [] : [event(name, 'changed')];
  });
  const dropped = [...marks.keys()].filter((name) => !names.has(name));
  return [...changed, ...dropped.map((name) => event(name, 'dropped'))];
}
