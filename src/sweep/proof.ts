import type { CacheReading } from '../hostcache/server.ts';
import { isCacheFull } from '../hostcache/settings.ts';
import type { ServerLook } from './look.ts';
import { type AlertRuleId, ruleOf } from './rules/index.ts';

/** Why a host is no longer in an alert; null = not known, so the host stays in it. */
export type ProofOf = (rule: AlertRuleId, address: string) => string | null;

/**
 * Proofs from one look: a host leaves its alert by evidence, never because something is not known.
 * `isEmptied` = every entry of the previous look is gone, so somebody flushed.
 */
export function proofsFrom(look: ServerLook, isEmptied: boolean): ProofOf {
  const { cache, settings } = look;
  const nothing = { entry: null, name: null, limit: 0n, check: undefined };
  const lasting = (rule: AlertRuleId) =>
    ruleOf(rule).outlivesCache === true ? (ruleOf(rule).proof?.(nothing) ?? null) : null;
  if (!cache.known || !settings.known) return lasting;
  const isFull = isCacheFull(cache.value.total, settings.value);
  const limit = settings.value.maxConnectErrors;
  let index: ReturnType<typeof indexOf> | null = null;
  return (rule, address) => {
    if (ruleOf(rule).outlivesCache === true) return lasting(rule);
    if (isEmptied) return 'the host cache was emptied';
    // Most sweeps need no proof, and indexing a large cache takes long.
    index ??= indexOf(cache.value);
    const entry = index.notable.get(address) ?? null;
    const name = index.names.get(address) ?? null;
    if (entry === null && name === null) {
      // A full cache evicts entries, so a missing entry proves nothing.
      return isFull ? null : 'its entry is gone; the server asks DNS at its next connection';
    }
    return ruleOf(rule).proof?.({ entry, name, limit, check: look.names.get(address) }) ?? null;
  };
}

function indexOf({ notable, named }: CacheReading) {
  return {
    notable: new Map(notable.map((entry) => [entry.address, entry])),
    names: new Map(named.map(({ address, host }) => [address, host])),
  };
}
