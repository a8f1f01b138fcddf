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
  /** Those that it explains. */
  readonly errors: readonly number[];
  readonly cause: string;
  readonly remedy: string;
}

/**
 * Who breaks the handshakes of this client off (`handshake`), or is denied (`login`), with the cure for
 * that product; null = not proved.
 */
export function proberOf(witness: Witness, kind: 'handshake' | 'login'): ProberText | null {
  const { client, failures, logins, entry } = witness;
  const probers = probersOf({
    client,
    failures: failures.known ? failures.value : null,
    logins: logins.known && logins.value.lost === 0 ? logins.value.counts : null,
    entry: entry.known ? entry.value : null,
  }).filter(({ error }) => (error === DENIED) === (kind === 'login'));
  const shown = probers.slice(0, SHOWN);
  if (shown.length === 0) return null;
  return {
    errors: shown.map(({ error }) => error),
    cause: shown.map(sayProber).join(' '),
    remedy: [...new Set(shown.map(({ cure }) => cure))].join(' '),
  };
}

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
