import type { Random } from '../sandbox/random.ts';
import { ADDRESSES, NAMES, PATTERNS, PIECES, REJECTED_NAMES } from './vocabulary.ts';

/** A small world to predict in: accounts, what DNS said and says, what each client did before. */

export interface SmallWorld {
  readonly accounts: readonly SmallAccount[];
  readonly maxConnectErrors: number;
  /** 0 = the cache is off. */
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
  /** Under which name it logs in; null = nobody asks. */
  readonly user: string;
  /** What DNS said when the client came first, and what it says when we predict. */
  readonly dnsBefore: DnsState;
  readonly dnsNow: DnsState;
  /** Handshakes that it broke off; null = it has not come yet. */
  readonly brokenHandshakes: number | null;
}

/** What DNS says of one address: no PTR record, or names and where the first leads. */
export type DnsState =
  | { readonly ptr: 'NXDOMAIN' | 'NODATA' | 'SERVFAIL' | 'REFUSED' }
  | { readonly ptr: readonly [string, ...string[]]; readonly forward: 'confirmed' | Forward };

/** The answers for the client's own family of addresses, and for the other. */
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
    hostCacheSize: random.chance(0.05) ? 0 : 279,
    clients: addresses.map((address) => imagineClient(address, random)),
  };
}

function imagineAccount(random: Random): SmallAccount {
  const user = random.pick(['u', 'u', 'u', 'v', '']);
  // A role or a locked account lets every host in to the password.
  const kind = random.chance(0.04) ? 'role' : random.chance(0.04) ? 'locked' : 'account';
  return {
    kind,
    user: kind === 'role' ? `role${random.between(1, 3)}` : user,
    host: imagineHost(random),
  };
}

function imagineHost(random: Random): string {
  // '%' opens the host check for all, so that it would hide most else.
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

function imagineDns(random: Random): DnsState {
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

function shuffle<T>(values: readonly T[], random: Random): readonly T[] {
  return values
    .map((value) => ({ value, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}
