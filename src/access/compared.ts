import { accountName } from '../hostcache/account.ts';
import { isBlocked } from '../hostcache/entry.ts';
import type { CacheReading } from '../hostcache/server.ts';
import type { AccessEvent } from './record.ts';
import type { KnownAccount, KnownClient } from './stores.ts';

/** What changed between two readings: clients in the host cache, and accounts. Pure. */

/** Beyond these, names and blocks of clients are not followed. */
const CLIENTS_FOLLOWED = 5_000;

export interface Clients {
  /** null = the cache could not be read yet. */
  readonly clients: readonly KnownClient[] | null;
  readonly events: readonly AccessEvent[];
}

/** `hosts`: those that logged in or failed, as the server wrote them, in lower case. */
export function compareClients(
  before: readonly KnownClient[] | null,
  cache: CacheReading | null,
  hosts: ReadonlySet<string>,
  { maxConnectErrors, at }: { readonly maxConnectErrors: bigint; readonly at: Date },
): Clients {
  if (cache === null) return { clients: before, events: [] };
  const known = new Map((before ?? []).map((client) => [client.address, client]));
  const isSeen = ({ address, name }: Named) =>
    hosts.has(address) || (name !== null && hosts.has(name.toLowerCase()));
  const isFollowed = (client: Named) => known.has(client.address) || isSeen(client);
  const cached = cachedClients(cache, maxConnectErrors, isFollowed);
  const found = [...cached.values()];
  // Those whose entry is gone keep the name by which the server's counters still know them.
  const gone = [...known.values()]
    .filter(({ address }) => !cached.has(address))
    .map((client) => ({ ...client, isBlocked: false }));
  const clients = [
    ...found.filter((client) => client.isBlocked || isSeen(client)),
    ...gone.filter(isSeen),
    ...found.filter((client) => !client.isBlocked && !isSeen(client)),
  ];
  const events =
    before === null
      ? []
      : [...found, ...gone].flatMap((client) => changesOf(known.get(client.address), client, at));
  return { clients: clients.slice(0, CLIENTS_FOLLOWED), events };
}

type Named = Pick<KnownClient, 'address' | 'name'>;

/** Those that are blocked or followed, by address: few of a full cache. */
function cachedClients(
  { notable, named }: CacheReading,
  maxConnectErrors: bigint,
  isFollowed: (client: Named) => boolean,
): ReadonlyMap<string, KnownClient> {
  const clients = new Map<string, KnownClient>();
  for (const { address, host: name } of named) {
    const client = { address, name, isBlocked: false };
    if (isFollowed(client)) clients.set(address, client);
  }
  for (const entry of notable) {
    const { address, host: name } = entry;
    const client = { address, name, isBlocked: isBlocked(entry, maxConnectErrors) };
    if (client.isBlocked || isFollowed(client)) clients.set(address, client);
  }
  return clients;
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
