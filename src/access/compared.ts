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
  const { found, active, idle } = cachedClients(cache, maxConnectErrors, known, isSeen);
  // Those whose entry is gone keep the name by which the server's counters still know them.
  const gone = [...known.values()]
    .filter(({ address }) => !found.has(address))
    .map((client) => ({ ...client, isBlocked: false }));
  const clients = [...active, ...gone.filter(isSeen), ...idle];
  const events =
    before === null
      ? []
      : [...found.values(), ...gone].flatMap((client) =>
          changesOf(known.get(client.address), client, at),
        );
  return { clients: clients.slice(0, CLIENTS_FOLLOWED), events };
}

type Named = Pick<KnownClient, 'address' | 'name'>;

/**
 * Of a full cache, those that are blocked or seen (`active`), until there are enough of them, and the
 * others that were known (`idle`); all of them by address.
 */
function cachedClients(
  { notable, named }: CacheReading,
  maxConnectErrors: bigint,
  known: ReadonlyMap<string, unknown>,
  isSeen: (client: Named) => boolean,
) {
  const blocked = new Set<string>();
  for (const entry of notable) if (isBlocked(entry, maxConnectErrors)) blocked.add(entry.address);
  const found = new Map<string, KnownClient>();
  const active: KnownClient[] = [];
  const idle: KnownClient[] = [];
  const add = (address: string, name: string | null) => {
    const client = { address, name, isBlocked: blocked.has(address) };
    const hasRoom = active.length < CLIENTS_FOLLOWED;
    const isActive = client.isBlocked || (hasRoom && isSeen(client));
    if (!isActive && !known.has(address)) return;
    found.set(address, client);
    (isActive ? active : idle).push(client);
  };
  for (const { address, host } of named) add(address, host);
  for (const { address, host } of notable) if (!found.has(address)) add(address, host);
  return { found, active, idle };
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
