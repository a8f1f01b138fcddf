import type { Comparison } from './comparison.ts';
import type { SmallWorld } from './small-world.ts';

/** What a proof must have tried: the things in which servers differ. */

export const THINGS = [
  'eviction',
  'skip_name_resolve',
  'host_cache_size 0',
  'IPv6',
  'masks',
  'roles',
  'locks',
] as const;

export type Thing = (typeof THINGS)[number];

/** The things that play a part in a comparison. */
export function thingsIn(
  { when, client, outcome, predicted, happened }: Comparison,
  { accounts, hostCacheSize }: SmallWorld,
  keepsCache: boolean,
): readonly Thing[] {
  const plays: Readonly<Record<Thing, boolean>> = {
    eviction: when === 'in the cache' && outcome === 'evicted',
    skip_name_resolve: !keepsCache,
    'host_cache_size 0': keepsCache && hostCacheSize === 0,
    IPv6: client.address.includes(':'),
    // The account that decides: 'u'@'10.0.0.0/8'.
    masks: /\/\d/.test(predicted),
    roles: accounts.some(({ kind }) => kind === 'role'),
    locks: /^(3118|4151) /.test(happened),
  };
  return THINGS.filter((thing) => plays[thing]);
}
