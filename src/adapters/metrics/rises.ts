/** Sums over a cache fall where entries go; Prometheus wants what only rises. */

/** By how much each kind of a server rose since it was last given; nothing at the first time. */
export type Rises = (
  server: string,
  sums: Readonly<Record<string, number>>,
) => readonly (readonly [kind: string, rise: number])[];

export function createRises(): Rises {
  const before = new Map<string, ReadonlyMap<string, number>>();
  return (server, sums) => {
    const entries = Object.entries(sums);
    // A look that could read nothing is no fall to nothing.
    if (entries.length === 0) return [];
    const last = before.get(server);
    before.set(server, new Map(entries));
    if (last === undefined) return entries.map(([kind]) => [kind, 0]);
    // A fall is an entry that went; how many new errors it hides nobody knows.
    return entries.map(([kind, sum]) => [kind, Math.max(0, sum - (last.get(kind) ?? 0))]);
  };
}
