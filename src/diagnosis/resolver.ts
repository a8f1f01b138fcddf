import type { Address } from '../hostcache/address.ts';

/** Asks DNS as the server would; never rejects: a resolver that is away is `failed`. */
export interface Resolver {
  /** Who is asked, for a person: `the resolvers of this machine`, or their addresses. */
  readonly label: string;
  /** The PTR names of an address, in the order in which they came; the server takes the first. */
  reverse(address: Address): Promise<Answer<string>>;
  /** The A and AAAA addresses of a name. */
  forward(name: string): Promise<Answer<Address>>;
}

export type Answer<T> =
  | { readonly kind: 'found'; readonly values: readonly [T, ...T[]]; readonly failedA?: string }
  /** The name does not exist. `failedA`: so AAAA says; why the lookup of A failed beside it. */
  | { readonly kind: 'nxdomain'; readonly failedA?: string }
  /** The name exists, without such a record. */
  | { readonly kind: 'nodata' }
  /** SERVFAIL, a refusal; `isSilence`: no answer in time. */
  | { readonly kind: 'failed'; readonly why: string; readonly isSilence: boolean };
