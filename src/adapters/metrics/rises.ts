/** Turns sums over a cache, which fall when entries go, into increases for Prometheus counters. */

/** How much each kind of a server has increased since the last call; 0 on the first call. */
export type Rises = (
  server: string,
  sums: Readonly<Record<string, number>>,
) => readonly (readonly [kind: string, rise: number])[];

export function createRises(): Rises {
  const lastSums = new Map<string, ReadonlyMap<string, number>>();
  return (server, sums) => {
    const entries = Object.entries(sums);
    // A reading without sums is not a fall to 0.
    if (entries.length === 0) return [];
    const last = lastSums.get(server);
    lastSums.set(server, new Map(entries));
    if (last === undefined) return entries.map(([kind]) => [kind, 0]);
    // After a fall, entries are gone, and new errors cannot be told apart. They count as 0.
    return entries.map(([kind, sum]) => [kind, Math.max(0, sum - (last.get(kind) ?? 0))]);
  };
}
