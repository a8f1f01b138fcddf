import type { Address } from '../hostcache/address.ts';
import { isHostName, looksNumeric } from '../hostcache/host-name.ts';

/** What the server would find if it asked DNS now (ip_to_hostname in sql/hostname_cache.cc). */
export interface DnsFacts {
  /** `failed`: no answer, which the server asks for anew at each connection. */
  readonly status: 'ok' | 'nxdomain' | 'nodata' | 'failed';
  /** The first PTR name; null = none. */
  readonly host: string | null;
  /** All PTR names, the first included. */
  readonly names: readonly string[];
  /** The addresses of the first name. */
  readonly addresses: readonly string[];
  /** Whether the name resolves back to the address. */
  readonly confirmed: boolean;
  /** Why the server would take no name from this; null = it takes the name. */
  readonly rejected: Rejection | null;
  /** What the resolver said, where it failed. */
  readonly why: string | null;
  /** Why the lookup of A failed, where AAAA answered in its place; left out where it did not. */
  readonly failedA?: string;
}

/** The first three are kept for ever; the others are asked for anew at each connection. */
export type Rejection =
  | 'no-ptr'
  | 'no-address'
  | 'mismatch'
  | 'numeric'
  | 'ptr-failed'
  | 'address-failed';

/** Asks DNS as the server would; never rejects: a resolver that is away is `failed`. */
export interface Resolver {
  /** Who is asked, for a person: `the resolvers of this machine`, or their addresses. */
  readonly label: string;
  /** The PTR names of an address, in the order in which they came; the server takes the first. */
  reverse(address: Address): Promise<DnsAnswer<string>>;
  /** The A and AAAA addresses of a name. */
  forward(name: string): Promise<DnsAnswer<Address>>;
}

export type DnsAnswer<T> =
  | { readonly kind: 'found'; readonly values: readonly [T, ...T[]]; readonly failedA?: string }
  /** The name does not exist. `failedA`: so AAAA says; why the lookup of A failed beside it. */
  | { readonly kind: 'nxdomain'; readonly failedA?: string }
  /** The name exists, without such a record. */
  | { readonly kind: 'nodata' }
  /** SERVFAIL, a refusal; `isSilence`: no answer in time. */
  | { readonly kind: 'failed'; readonly why: string; readonly isSilence: boolean };

/** PTR, then the name's addresses, as the server does. */
export async function askDns(address: Address, resolver: Resolver): Promise<DnsFacts> {
  const reverse = await resolver.reverse(address);
  if (reverse.kind !== 'found') return withoutName(reverse);
  const [host] = reverse.values;
  const found = { host, names: reverse.values, addresses: [], confirmed: false, why: null };
  // glibc hands no such name on to the server.
  if (!isHostName(host)) return { ...found, status: 'ok', rejected: 'no-ptr' };
  if (looksNumeric(host)) return { ...found, status: 'ok', rejected: 'numeric' };
  if (isElsewhere(host)) return { ...found, status: 'ok', rejected: 'mismatch' };
  const forward = await resolver.forward(host);
  switch (forward.kind) {
    case 'nxdomain':
      return { ...found, status: 'ok', rejected: 'no-address', ...besideFailure(forward) };
    case 'nodata':
      // The resolver library calls a name without addresses a passing fault.
      return { ...found, status: 'ok', rejected: 'address-failed' };
    case 'failed':
      return { ...found, status: 'failed', rejected: 'address-failed', why: forward.why };
    case 'found': {
      const addresses = forward.values.map(({ text }) => text);
      const confirmed = addresses.includes(address.text);
      const rejected = confirmed ? null : 'mismatch';
      return {
        ...found,
        status: 'ok',
        addresses,
        confirmed,
        rejected,
        ...besideFailure(forward),
      };
    }
  }
}

function besideFailure({ failedA }: { readonly failedA?: string }): Pick<DnsFacts, 'failedA'> {
  return failedA === undefined ? {} : { failedA };
}

/**
 * Names that the database host resolves without DNS, and never to this client: the hosts file
 * has localhost, and getaddrinfo reads `7` and `0x7f.1` as addresses.
 */
function isElsewhere(host: string): boolean {
  return /^(?:localhost|\d+|0x[\da-f]+(?:\.(?:0x[\da-f]+|\d+)){0,3})$/i.test(host);
}

/** The name that the server would use; null = none. */
export function acceptedName(dns: DnsFacts): string | null {
  return dns.rejected === null ? dns.host : null;
}

function withoutName(reverse: Exclude<DnsAnswer<string>, { readonly kind: 'found' }>): DnsFacts {
  return {
    status: reverse.kind,
    host: null,
    names: [],
    addresses: [],
    confirmed: false,
    rejected: reverse.kind === 'failed' ? 'ptr-failed' : 'no-ptr',
    why: reverse.kind === 'failed' ? reverse.why : null,
  };
}
