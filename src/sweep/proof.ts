import type { CacheReading } from '../hostcache/cache-reading.ts';
import { type HostCacheEntry, isBlocked, isLastingNull } from '../hostcache/entry.ts';
import { isCacheFull } from '../hostcache/settings.ts';
import type { AlertRuleId } from './alert.ts';
import type { NameCheck, ServerLook } from './look.ts';

/** Why a host is no longer in an alert; null = not known, and the host stays in it. */
export type ProofOf = (rule: AlertRuleId, address: string) => string | null;

/**
 * Proofs from one look: a host leaves its alert by knowledge, never by a gap. `isEmptied`: every
 * entry of the look before is gone, so that somebody flushed.
 */
export function proofsFrom(look: ServerLook, isEmptied: boolean): ProofOf {
  const { cache, settings } = look;
  if (!cache.known || !settings.known) return () => null;
  const isFull = isCacheFull(cache.value.total, settings.value);
  const limit = settings.value.maxConnectErrors;
  let index: ReturnType<typeof indexOf> | null = null;
  return (rule, address) => {
    if (isEmptied) return 'the host cache was emptied';
    // Most sweeps have nothing to prove, and a large cache takes long to index.
    index ??= indexOf(cache.value);
    const entry = index.telling.get(address) ?? null;
    const name = index.names.get(address) ?? null;
    if (entry === null && name === null) {
      // A full cache evicts: there a missing entry proves nothing.
      return isFull ? null : 'its entry is gone, the server asks DNS at its next connection';
    }
    return proofInEntry(rule, { entry, name, limit, check: look.names.get(address) });
  };
}

function indexOf({ telling, named }: CacheReading) {
  return {
    telling: new Map(telling.map((entry) => [entry.address, entry])),
    names: new Map(named.map(({ address, host }) => [address, host])),
  };
}

interface HostNow {
  /** null: it has nothing to tell, neither errors nor a missing name. */
  readonly entry: HostCacheEntry | null;
  readonly name: string | null;
  readonly limit: bigint;
  readonly check: NameCheck | undefined;
}

function proofInEntry(rule: AlertRuleId, { entry, name, limit, check }: HostNow): string | null {
  switch (rule) {
    case 'blocked-host':
    case 'near-block':
      if (rule === 'near-block' && entry !== null && isBlocked(entry, limit))
        return `it is blocked now, with ${entry.connectErrors} of ${limit} connect errors`;
      return entry === null || entry.connectErrors === 0
        ? 'a login set its connect errors back to 0'
        : `it has ${entry.connectErrors} connect errors, max_connect_errors is ${limit}`;
    case 'null-host':
      if (name !== null) return `the server knows it as ${name}`;
      return entry !== null && !isLastingNull(entry)
        ? 'the server asks DNS again'
        : 'no account needs a name';
    case 'stale-host':
      if (name === null) return 'the server holds no name for it';
      return check?.kind === 'current' ? `DNS gives ${name} again` : null;
    case 'dns-failing':
      if (name !== null) return `the server knows it as ${name}`;
      return entry?.validated === true ? 'DNS answers: it has no name' : null;
    case 'server-unreadable':
    case 'cache-full':
    case 'handshake-pileup':
    case 'too-many-connections':
      return 'the server says that it is over';
  }
}
