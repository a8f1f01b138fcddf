import type { Random } from '../../sandbox/random.ts';
import type { AccountPlace } from '../../src/hostcache/account-text.ts';
import { parseAddress } from '../../src/hostcache/address.ts';
import type { Change } from '../../src/plan/change.ts';
import { type DnsState, imagineDns, imagineHost, shuffle } from '../small-world.ts';
import { ADDRESSES } from '../vocabulary.ts';

/** A random small world for plans: accounts, clients that have logged in, and a change of each kind. */

export interface PlanWorld {
  readonly seed: number;
  readonly accounts: readonly PlanAccount[];
  /** Whether the server runs with skip_name_resolve. */
  readonly isNameless: boolean;
  readonly maxConnectErrors: number;
  /** 0 = the cache is off. */
  readonly hostCacheSize: number;
  readonly clients: readonly PlanClient[];
  readonly changes: Readonly<Record<ChangeKind, ImaginedChange>>;
}

export interface PlanAccount {
  readonly kind: 'account' | 'role' | 'locked' | 'tls';
  readonly user: string;
  readonly host: string;
}

export interface PlanClient {
  readonly address: string;
  /** The login names with which it has logged in. */
  readonly users: readonly string[];
  /** DNS at the client's first connection, and at the plan. */
  readonly dnsBefore: DnsState;
  readonly dnsNow: DnsState;
  /** Handshakes that it broke off after its logins. */
  readonly brokenHandshakes: number;
}

export type ChangeKind = Change['kind'];

/** A release is that of the second server, so only the proof knows it. */
export type ImaginedChange = Exclude<Change, { readonly kind: 'release' }> | { kind: 'release' };

/** Those that leave traces on the server come last. */
export const CHANGE_KINDS: readonly ChangeKind[] = [
  'skip-name-resolve',
  'release',
  'add',
  'drop',
  'rename',
  'dns',
  'flush',
  'max-connect-errors',
];

export function imaginePlan(seed: number, random: Random): PlanWorld {
  const addresses = shuffle(ADDRESSES, random).slice(0, random.between(3, 7));
  const strangers = addresses.map((address) => imagineClient(address, random));
  const clients = random.chance(0.2) ? [...strangers, ...imagineFleet(random)] : strangers;
  const accounts = Array.from({ length: random.between(1, 7) }, () =>
    imagineAccount(clients, random),
  );
  const isNameless = random.chance(0.15);
  const maxConnectErrors = random.pick([1, 3, 3, 3, 100]);
  return {
    ...{ seed, accounts, isNameless, maxConnectErrors, clients },
    hostCacheSize: random.chance(0.04) ? 0 : 279,
    changes: imagineChanges({ accounts, clients, isNameless, maxConnectErrors }, random),
  };
}

/** Clients of one network that share a user and a domain. */
function imagineFleet(random: Random): readonly PlanClient[] {
  const user = random.pick(['u', 'v']);
  const first = random.between(16, 200);
  return Array.from({ length: random.between(3, 9) }, (_, at) => {
    const octet = first + at * random.pick([1, 1, 1, 2]) + (at > 4 ? 1 : 0);
    const dns: DnsState = { ptr: [`app${octet}.corp.example.com`], forward: 'confirmed' };
    const users = [user];
    return {
      ...{ address: `10.1.2.${octet}`, users, dnsBefore: dns, dnsNow: dns },
      brokenHandshakes: random.pick([0, 0, 0, 0, 2]),
    };
  }).filter(({ address }, at, all) => all.findIndex((each) => each.address === address) === at);
}

function imagineClient(address: string, random: Random): PlanClient {
  const dnsBefore = imagineDns(random);
  const users = Array.from({ length: random.between(1, 3) }, () =>
    random.pick(['u', 'u', 'u', 'v', '', 'ghost']),
  );
  return {
    ...{ address, users: [...new Set(users)], dnsBefore },
    dnsNow: random.chance(0.6) ? dnsBefore : imagineDns(random),
    brokenHandshakes: random.pick([0, 0, 0, 1, 2, 3]),
  };
}

function imagineAccount(clients: readonly PlanClient[], random: Random): PlanAccount {
  const kind = random.chance(0.04)
    ? 'role'
    : random.chance(0.05)
      ? 'locked'
      : random.chance(0.08)
        ? 'tls'
        : 'account';
  const user = random.pick(['u', 'u', 'u', 'u', 'v', 'v', '']);
  return {
    kind,
    user: kind === 'role' ? `role${random.between(1, 3)}` : user,
    host: imagineHostFor(clients, random),
  };
}

/** Half of the patterns are for one of the clients. */
function imagineHostFor(clients: readonly PlanClient[], random: Random): string {
  const client = clients[random.between(0, clients.length - 1)];
  if (client === undefined || random.chance(0.4)) return imagineHost(random);
  const { address, dnsBefore } = client;
  const given = 'forward' in dnsBefore ? dnsBefore.ptr[0] : address;
  // A server stores a host in ASCII, with question marks for the rest.
  const name = /^[!-~ ]*$/.test(given) ? given : address;
  const domain = name.includes('.') ? `%${name.slice(name.indexOf('.'))}` : name;
  const octets = address.split('.');
  const isIpv4 = parseAddress(address)?.family === 4;
  if (!isIpv4) return random.pick([address, name, domain, '%']);
  const [a, b, c, d] = octets;
  return random.pick([
    ...([name, name, name, domain, domain, address, address] as const),
    ...[`${a}.%`, `${a}.${b}.%`, `${a}.${b}.${c}.%`, `${a}.${b}.${c}._%`],
    ...[`${a}.${b}.${c}.0/255.255.255.0`, `${a}.0.0.0/255.0.0.0`, `${a}.${b}.${c}.0/24`],
    ...[`${a}.${b}.0.0/16`, `${a}.${b}.${c}.${d}%`, '%'],
  ]);
}

function imagineChanges(
  world: Pick<PlanWorld, 'accounts' | 'clients' | 'isNameless' | 'maxConnectErrors'>,
  random: Random,
): PlanWorld['changes'] {
  const { accounts, clients, isNameless, maxConnectErrors } = world;
  const users = accounts.filter(({ kind }) => kind !== 'role');
  const some = () =>
    placeOf(users[random.between(0, users.length - 1)] ?? { user: 'u', host: 'no' });
  const place = (user: string): AccountPlace =>
    placeOf({ user, host: imagineHostFor(clients, random) });
  const from = some();
  const renamed = place(random.chance(0.8) ? from.user : random.pick(['u', 'v', '']));
  // MariaDB takes a rename to the same name, and does nothing.
  const isSame = renamed.user === from.user && renamed.host === from.host;
  const limits = [1, 2, 3, 5, 100].filter((limit) => limit !== maxConnectErrors);
  const client = clients[random.between(0, clients.length - 1)]?.address ?? '192.0.2.5';
  return {
    'skip-name-resolve': { kind: 'skip-name-resolve', on: !isNameless },
    flush: { kind: 'flush' },
    add: { kind: 'add', account: place(random.pick(['u', 'u', 'v', ''])) },
    drop: { kind: 'drop', account: some() },
    rename: {
      kind: 'rename',
      from,
      to: isSame ? { ...renamed, user: from.user === 'v' ? 'u' : 'v' } : renamed,
    },
    'max-connect-errors': {
      kind: 'max-connect-errors',
      limit: BigInt(limits[random.between(0, limits.length - 1)] ?? 2),
    },
    dns: {
      ...{ kind: 'dns', address: parseAddress(client) ?? { text: client, family: 4 } },
      name: random.chance(0.3)
        ? null
        : random.pick(['new.corp.example.com', 'new.example.com', 'appsrv09.corp.example.com']),
    },
    release: { kind: 'release' },
  };
}

/** As a server stores it. */
function placeOf({ user, host }: AccountPlace): AccountPlace {
  return { user, host: host.trim().toLowerCase() };
}
