import { listed } from '../chat/lists.ts';
import type { Address } from '../hostcache/address.ts';
import { isCurrentName, isHostName, isLocalName, looksNumeric } from '../hostcache/host-name.ts';
import type { Release } from '../hostcache/release.ts';

/** What the server would get from DNS now (ip_to_hostname in sql/hostname_cache.cc). */
export interface DnsFacts {
  /** `failed`: no answer; the server asks again for each connection. */
  readonly status: 'ok' | 'nxdomain' | 'nodata' | 'failed';
  /** The first PTR name, the one that the server takes; null = none. */
  readonly host: string | null;
  /** All PTR names, the first included. */
  readonly names: readonly string[];
  /** The addresses of the first name. */
  readonly addresses: readonly string[];
  /** Whether the name resolves back to the address. */
  readonly confirmed: boolean;
  /** Why the server would not use the name; null = it uses it. */
  readonly rejected: Rejection | null;
  /** The resolver's error; null unless a lookup failed. */
  readonly why: string | null;
  /** Why the A lookup failed while the AAAA lookup answered. */
  readonly failedA?: string;
}

/** The server caches the first three until a flush; for the others it asks again at each connection. */
export type Rejection =
  | 'no-ptr'
  | 'no-address'
  | 'mismatch'
  | 'numeric'
  | 'ptr-failed'
  | 'address-failed';

/** Asks DNS as the server would. It never rejects: without an answer the result is `failed`. */
export interface Resolver {
  /** For messages: `the resolvers of this machine`, or their addresses. */
  readonly label: string;
  /** The PTR names of an address, in the order of the answer; the server takes the first. */
  reverse(address: Address): Promise<DnsAnswer<string>>;
  /** The A and AAAA addresses of a name. */
  forward(name: string): Promise<DnsAnswer<Address>>;
}

export type DnsAnswer<T> =
  | { readonly kind: 'found'; readonly values: readonly [T, ...T[]]; readonly failedA?: string }
  /** The name does not exist. `failedA`: the AAAA lookup says so; this is why the A lookup failed. */
  | { readonly kind: 'nxdomain'; readonly failedA?: string }
  /** The name exists, but has no such record. */
  | { readonly kind: 'nodata' }
  /** SERVFAIL or a refusal; `isSilence`: no answer in time. */
  | { readonly kind: 'failed'; readonly why: string; readonly isSilence: boolean };

/** Further names and addresses are counted, not shown. */
export const NAMES_SHOWN = 3;

/** RFC 1035: a name has at most 255 bytes. The resolver library spells some of them `\\027`. */
const NAME_LIMIT = 255;

/** `a.example.com, b.example.com and 3 more`, or `no name`: what DNS gives, however much that is. */
export function sayNames(names: readonly string[], total = names.length): string {
  return listed(names.slice(0, NAMES_SHOWN).map(bounded), NAMES_SHOWN, total) || 'no name';
}

/** A longer text is no host name, but its beginning is shown. */
function bounded(name: string): string {
  return name.length > NAME_LIMIT ? `${name.slice(0, NAME_LIMIT)}…` : name;
}

/** Looks up the PTR record, then the addresses of its name, as the server does. */
export async function askDns(address: Address, resolver: Resolver): Promise<DnsFacts> {
  const reverse = await resolver.reverse(address);
  if (reverse.kind !== 'found') return withoutName(reverse);
  const host = bounded(reverse.values[0]);
  const found = { host, names: reverse.values, addresses: [], confirmed: false, why: null };
  // glibc does not pass such a name on to the server.
  if (!isHostName(host)) return { ...found, status: 'ok', rejected: 'no-ptr' };
  if (looksNumeric(host)) return { ...found, status: 'ok', rejected: 'numeric' };
  if (isElsewhere(host)) return { ...found, status: 'ok', rejected: 'mismatch' };
  const forward = await resolver.forward(host);
  switch (forward.kind) {
    case 'nxdomain':
      return { ...found, status: 'ok', rejected: 'no-address', ...besideFailure(forward) };
    case 'nodata':
      // The resolver library reports a name without addresses as a temporary failure.
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

/**
 * Whether the cached name is one that DNS does not give and that the database host may still find
 * by itself: what it finds after a flush is then not known. A name that fills the cache's column
 * was cut off, and may have lost its dots.
 */
export function isOnlyLocal(
  cached: string | null,
  dns: DnsFacts | null,
  release: { readonly nameLength: number },
): boolean {
  if (cached === null || cached.length >= release.nameLength || !isLocalName(cached)) return false;
  return !isCurrentName(cached, dns?.names ?? [], release);
}

/** The name that the server would use; null = none. */
export function acceptedName(dns: DnsFacts): string | null {
  return dns.rejected === null ? dns.host : null;
}

/** The name that the connection which resolves it is matched by; null = none. */
export function matchedName(
  dns: DnsFacts,
  { matchesWholeName, nameLength }: Pick<Release, 'matchesWholeName' | 'nameLength'>,
): string | null {
  const name = acceptedName(dns);
  return matchesWholeName ? name : (name?.slice(0, nameLength) ?? null);
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
