// Compares which hosts a full cache still holds with what it should hold. Does I/O.
import type { World } from '../sandbox/world.ts';
import type { Release } from '../src/hostcache/release.ts';
import type { Comparison } from './comparison.ts';
import type { SmallClient, SmallWorld } from './small-world.ts';

/** Whether the cache has less room than the clients need, so that each connection can evict another's entry. */
export function isTight({ hostCacheSize, clients }: SmallWorld): boolean {
  return hostCacheSize > 0 && hostCacheSize < clients.length;
}

/** `connected`: a client for each connection, in their order. */
export async function compareKept(
  world: World,
  { evicts }: Release,
  size: number,
  connected: readonly SmallClient[],
): Promise<readonly Comparison[]> {
  const came = connected.filter(({ address }) => !LOOPBACK.includes(address));
  const addresses = came.map(({ address }) => address);
  const kept = keptOf(addresses, size, evicts);
  const rows = await world.query('SELECT IP AS ip FROM performance_schema.host_cache');
  const seen = new Set(rows.map(({ ip }) => ip));
  return Array.from(new Set(came), (client) => {
    const say = (all: ReadonlySet<unknown>) => (all.has(client.address) ? 'kept' : 'evicted');
    const [predicted, happened] = [say(kept), say(seen)];
    return {
      ...{ client, when: 'in the cache', outcome: predicted, predicted, happened },
      verdict: predicted === happened ? 'agrees' : 'disagrees',
      facts: { connected: addresses, cached: [...seen] },
    };
  });
}

/** Only these clients get no entry. */
const LOOPBACK = ['127.0.0.1', '::1'];

/** The addresses in a cache of `size` entries after these connections, which came one after the other. */
export function keptOf(
  connections: readonly string[],
  size: number,
  evicts: Release['evicts'],
): ReadonlySet<string> {
  // The most recently used first.
  let kept: readonly string[] = [];
  for (const address of connections) {
    const isNew = !kept.includes(address);
    const others = kept.filter((other) => other !== address);
    const isFull = isNew && others.length >= size;
    const left = evicts === 'least recently used' ? others.slice(0, -1) : others.slice(1);
    kept = [address, ...(isFull ? left : others)];
  }
  return new Set(kept);
}
