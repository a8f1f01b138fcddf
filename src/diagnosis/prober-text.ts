import type { Address } from '../hostcache/address.ts';
import type { HostCacheEntry } from '../hostcache/entry.ts';
import type { LoginCounts, LoginFailure } from '../hostcache/failures.ts';
import type { Known } from './evidence.ts';
import { DENIED, type Prober } from './prober.ts';
import { probersOf } from './probers.ts';

/** What a finding says about the program behind the failures of its client. */

/** The part of the evidence that shows it. */
export interface Witness {
  readonly client: Address;
  readonly failures: Known<readonly LoginFailure[]>;
  readonly logins: Known<LoginCounts>;
  readonly entry: Known<HostCacheEntry | null>;
}

export interface ProberText {
  /** Whether this failure is that program's. */
  explains(row: Pick<LoginFailure, 'user' | 'error'>): boolean;
  readonly cause: string;
  readonly remedy: string;
}

/**
 * `handshake`: breaks handshakes off, so it can block the host; `nameless`: those of them that send no
 * login name; `login`: fails under a login name.
 */
export type ProberKind = 'handshake' | 'nameless' | 'login';

/** Which programs fail so from this client, with the cure for each product; null = none is proved. */
export function proberOf(witness: Witness, kind: ProberKind): ProberText | null {
  const { client, failures, logins, entry } = witness;
  const probers = probersOf({
    client,
    failures: failures.known ? failures.value : null,
    logins: logins.known && logins.value.lost === 0 ? logins.value.counts : null,
    entry: entry.known ? entry.value : null,
  }).filter(IS_OF_KIND[kind]);
  const shown = probers.slice(0, SHOWN);
  if (shown.length === 0) return null;
  return {
    explains: ({ user, error }) =>
      shown.some((prober) => prober.user === user && prober.error === error),
    cause: shown.map(sayProber).join(' '),
    remedy: [...new Set(shown.map(({ cure }) => cure))].join(' '),
  };
}

const IS_OF_KIND: Readonly<Record<ProberKind, (prober: Prober) => boolean>> = {
  handshake: ({ error }) => error !== DENIED,
  nameless: ({ user }) => user === null,
  login: ({ user }) => user !== null,
};

/** Further ones are in the rows of `failures`. */
const SHOWN = 3;

function sayProber({ why, what, proof }: Prober): string {
  const all = what.join('; ');
  switch (proof) {
    case 'sure':
      return `${why} That is ${all}.`;
    case 'usual':
      return `${why} That is the usual interval of ${all}.`;
    case 'open':
      return `${why} The counters do not tell these apart: ${all}.`;
  }
}
