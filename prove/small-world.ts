import type { Random } from '../sandbox/random.ts';
import { ADDRESSES, NAMES, PATTERNS, PIECES, REJECTED_NAMES } from './vocabulary.ts';

/** A random small world for predictions: accounts, DNS before and now, and each client's history. */

export interface SmallWorld {
  readonly accounts: readonly SmallAccount[];
  readonly maxConnectErrors: number;
  /** 0 = the cache is off; fewer than the clients = it evicts some. */
  readonly hostCacheSize: number;
  readonly clients: readonly SmallClient[];
}

export interface SmallAccount {
  readonly kind: 'account' | 'role' | 'locked';
  readonly user: string;
  readonly host: string;
}

export interface SmallClient {
  readonly address: string;
  /** The account name with which it logs in. */
  readonly user: string;
  /** DNS at the client's first connection, and at the prediction. */
  readonly dnsBefore: DnsState;
  readonly dnsNow: DnsState;
  /** The number of handshakes that it broke off; null = it has never connected. */
  readonly brokenHandshakes: number | null;
}

/** The DNS answers for one address: no PTR record, or PTR names and the forward answers for the first. */
export type DnsState =
  | { readonly ptr: 'NXDOMAIN' | 'NODATA' | 'SERVFAIL' | 'REFUSED' }
  | { readonly ptr: readonly [string, ...string[]]; readonly forward: 'confirmed' | Forward };

/** Forward answers for the client's own address family, and for the other one. */
export interface Forward {
  readonly own: Lookup;
  readonly other: Lookup;
}

export type Lookup = 'the client' | 'elsewhere' | 'NXDOMAIN' | 'NODATA' | 'SERVFAIL' | 'REFUSED';

export function imagine(random: Random): SmallWorld {
  const accounts = Array.from({ length: random.between(1, 7) }, () => imagineAccount(random));
  const addresses = shuffle(ADDRESSES, random).slice(0, random.between(4, 10));
  return {
    accounts,
    maxConnectErrors: random.pick([1, 3, 3, 3, 100]),
    hostCacheSize: random.chance(0.05) ? 0 : random.chance(0.1) ? random.between(1, 4) : 279,
    clients: addresses.map((address) => imagineClient(address, random)),
  };
}

function imagineAccount(random: Random): SmallAccount {
  const user = random.pick(['u', 'u', 'u', 'v', '']);
  // Roles and locked accounts open the host check too.
  const kind = random.chance(0.04) ? 'role' : random.chance(0.04) ? 'locked' : 'account';
  return {
    kind,
    user: kind === 'role' ? `role${random.between(1, 3)}` : user,
    host: imagineHost(random),
  };
}

export function imagineHost(random: Random): string {
  // '%' opens the host check for all hosts, and so hides most other effects.
  const host = random.chance(0.75)
    ? random.pick(PATTERNS)
    : Array.from({ length: random.between(1, 6) }, () => random.pick(PIECES)).join('');
  return (host === '%' || host === '') && random.chance(0.6) ? '10.%' : host;
}

function imagineClient(address: string, random: Random): SmallClient {
  const dnsBefore = imagineDns(random);
  return {
    address,
    user: random.pick(['u', 'u', 'u', 'v', 'ghost']),
    dnsBefore,
    dnsNow: random.chance(0.5) ? dnsBefore : imagineDns(random),
    brokenHandshakes: random.chance(0.3) ? null : random.pick([0, 0, 0, 1, 2, 3]),
  };
}

export function imagineDns(random: Random): DnsState {
  const kind = random.next();
  if (kind < 0.12) return { ptr: 'NXDOMAIN' };
  if (kind < 0.17) return { ptr: random.pick(['NODATA', 'SERVFAIL', 'REFUSED']) };
  if (kind < 0.27) return { ptr: [random.pick(REJECTED_NAMES)], forward: 'confirmed' };
  const first = random.pick(NAMES);
  return {
    ptr: random.chance(0.05) ? [first, random.pick(NAMES)] : [first],
    forward: random.chance(0.75)
      ? 'confirmed'
      : { own: random.pick(LOOKUPS), other: random.pick(LOOKUPS) },
  };
}

const LOOKUPS: readonly [Lookup, ...Lookup[]] = [
  'the client',
  'the client',
  'elsewhere',
  'NXDOMAIN',
  'NODATA',
  'SERVFAIL',
  'REFUSED',
];

export function shuffle<T>(values: readonly T[], random: Random): readonly T[] {
  return values
    .map((value) => ({ value, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}
