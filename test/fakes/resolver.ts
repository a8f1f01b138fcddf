import type { DnsAnswer, Resolver } from '../../src/diagnosis/dns-facts.ts';
import type { Address } from '../../src/hostcache/address.ts';
import { addressOf } from '../scenarios/clients.ts';

type Failure = 'nxdomain' | 'nodata' | 'SERVFAIL' | 'SILENCE';

export interface FakeDns {
  /** PTR names by address. */
  readonly ptr?: Readonly<Record<string, readonly string[] | Failure>>;
  /** A and AAAA addresses by name, in lower case. */
  readonly forward?: Readonly<Record<string, readonly string[] | Failure>>;
}

/** A DNS in memory; other names do not exist. Like the port, it never rejects. */
export function createFakeResolver({ ptr = {}, forward = {} }: FakeDns = {}): Resolver {
  return {
    label: 'the fake DNS',
    reverse: async ({ text }: Address) => toAnswer(ptr[text]),
    forward: async (name) => {
      const found = forward[name.toLowerCase()];
      return toAnswer(typeof found === 'object' ? found.map(addressOf) : found);
    },
  };
}

/** DNS with one name and one address that resolve to each other. */
export function agreeing(address: string, name: string): Required<FakeDns> {
  return { ptr: { [address]: [name] }, forward: { [name.toLowerCase()]: [address] } };
}

function toAnswer<T>(found: readonly T[] | Failure | undefined): DnsAnswer<T> {
  if (found === undefined || found === 'nxdomain') return { kind: 'nxdomain' };
  if (found === 'nodata') return { kind: 'nodata' };
  if (found === 'SERVFAIL') return { kind: 'failed', why: 'SERVFAIL', isSilence: false };
  if (found === 'SILENCE') return { kind: 'failed', why: 'no answer in time', isSilence: true };
  const [first, ...others] = found;
  return first === undefined ? { kind: 'nodata' } : { kind: 'found', values: [first, ...others] };
}
