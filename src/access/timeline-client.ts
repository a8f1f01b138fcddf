import { type Address, parseAddress } from '../hostcache/address.ts';
import { matches, parseHostPattern } from '../hostcache/host-pattern.ts';
import type { AccessDay, AccessEvent } from './record.ts';

/** Which parts of the record are about one client. Pure. */

export interface TimelineClient {
  /** As it was typed. */
  readonly text: string;
  /** Of a host name: its addresses in the host cache and in DNS. */
  readonly addresses: readonly Address[];
  readonly isName: boolean;
}

/** What the client is called in the record. */
export interface ClientKeys {
  readonly addresses: ReadonlySet<string>;
  /** In lower case. */
  readonly names: ReadonlySet<string>;
  readonly isName: boolean;
  /** Login names that were used from there. */
  readonly users: ReadonlySet<string>;
}

interface SeenAs {
  readonly host: string | null;
  readonly address: string | null;
}

/** For a host name also the addresses that had it; for an address also the names that it had. */
export function keysOf(client: TimelineClient, days: readonly AccessDay[]): ClientKeys {
  const { text, isName } = client;
  const addresses = new Set(client.addresses.map((address) => address.text));
  const names = new Set(isName ? [text.toLowerCase()] : []);
  const pairs = days.flatMap(pairsOf);
  for (const { host, address } of pairs) {
    if (host === null || address === null || parseAddress(host) !== null) continue;
    if (isName && names.has(host.toLowerCase())) addresses.add(address);
    if (!isName && addresses.has(address)) names.add(host.toLowerCase());
  }
  // A server calls a client on its loopback or socket `localhost`, and has no entry for it.
  if (addresses.has('127.0.0.1') || addresses.has('::1')) names.add('localhost');
  const keys = { addresses, names, isName, users: new Set<string>() };
  const users = days.flatMap(({ uses, events }) => [
    ...uses.filter((use) => isSeenAs(use, keys)).map(({ user }) => user),
    ...events.flatMap((event) =>
      event.kind === 'failures' && event.user !== null && isSeenAs(event, keys) ? [event.user] : [],
    ),
  ]);
  return { ...keys, users: new Set(users) };
}

export function isSeenAs(
  { host, address }: SeenAs,
  { addresses, names, isName }: Omit<ClientKeys, 'users'>,
): boolean {
  if (address !== null && addresses.has(address)) return true;
  if (host === null) return false;
  // Two clients can have one name, so it only counts where the address is not known.
  const mayBeByName = isName || address === null;
  return addresses.has(host) || (mayBeByName && names.has(host.toLowerCase()));
}

/** Whether the event is about the client, or about the server as a whole. */
export function concerns(event: AccessEvent, keys: ClientKeys): boolean {
  switch (event.kind) {
    case 'failures':
      return isSeenAs(event, keys);
    case 'restart':
    case 'flush':
      return true;
    case 'blocked':
    case 'unblocked':
      return keys.addresses.has(event.address);
    case 'name':
      return keys.addresses.has(event.address);
    case 'account':
      return isAccountFor(event.account, keys);
  }
}

const QUOTED = /^'(.*)'@'(.*)'$/s;

/** Stands for the address where only a name is known; no host pattern is written for it. */
const NO_ADDRESS: Address = { text: '0.0.0.1', family: 4 };

/** Whether the account is for a login name that the client used, and could match the client. */
function isAccountFor(account: string, { addresses, names, users }: ClientKeys): boolean {
  const [, user = '', host = ''] = QUOTED.exec(account) ?? [];
  if (user !== '' && users.size > 0 && !users.has(user)) return false;
  const known = [...addresses].map(parseAddress).filter((address) => address !== null);
  // The flavour of the server that wrote it is not recorded.
  return (['mysql', 'mariadb'] as const).some((rules) => {
    const pattern = parseHostPattern(host, rules);
    return (known.length === 0 ? [NO_ADDRESS] : known).some((address) =>
      [null, ...names].some((name) => matches(pattern, address, name, rules)),
    );
  });
}

/** Which host had which address. */
function pairsOf({ uses, events }: AccessDay): readonly SeenAs[] {
  return [
    ...uses,
    ...events.flatMap((event): readonly SeenAs[] => {
      if (event.kind === 'failures') return [event];
      if (event.kind !== 'name') return [];
      const { address, from, to } = event;
      return [
        { address, host: from },
        { address, host: to },
      ];
    }),
  ];
}
