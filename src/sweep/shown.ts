import type { Alert } from './alert.ts';
import type { Observation } from './observe.ts';
import type { AlertHost, Observed } from './rules/rule.ts';
import { type Silence, type SilenceOf, silenceOfAll } from './silence.ts';

/** What an alert shows of what was found. */
export interface Shown extends Observed {
  /** How many other hosts are silenced. */
  readonly silenced: number;
  /** What silences all of it; null = it is not silenced. */
  readonly silence: Silence | null;
}

/**
 * Leaves out the hosts that are silenced. If all of them are, an alert that is posted goes on and
 * shows them as they are now; a new one is not raised.
 */
export function shownOf(
  { rule, hosts, fact }: Observation,
  open: Alert | null,
  silenceOf: SilenceOf,
): Shown {
  const before = open?.hosts ?? [];
  const silence = silenceOfAll(rule, hosts.length > 0 ? hosts : before, silenceOf);
  if (silence === null) {
    const loud = hosts.filter(({ address }) => silenceOf(rule, address) === null);
    return { hosts: loud, fact, silenced: hosts.length - loud.length, silence };
  }
  const isPosted = open !== null && open.state !== 'pending';
  // An alert about other hosts, none of them silenced, is over.
  const isSame = hosts.length === 0 || silenceOf(rule, null) !== null || overlap(hosts, before);
  return isPosted && isSame
    ? { hosts, fact, silenced: 0, silence }
    : { hosts: [], fact: null, silenced: hosts.length, silence: null };
}

function overlap(hosts: readonly AlertHost[], others: readonly AlertHost[]): boolean {
  const addresses = new Set(others.map(({ address }) => address));
  return hosts.some(({ address }) => addresses.has(address));
}
