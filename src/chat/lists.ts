/** Lists, counts and times in words, formatted the same way in every answer. */

/** `a, b and 3 more`: at most `limit` items by name; `total` counts those that are not in `items`. */
export function listed(items: readonly string[], limit: number, total = items.length): string {
  const shown = items.slice(0, limit);
  const more = total - shown.length;
  const named = shown.join(', ');
  return more > 0 ? `${named} and ${more} more` : named;
}

/** The first `limit` items; if there are others, followed by the item `+ 3 more`. */
export function firstOf(items: readonly string[], limit: number): readonly string[] {
  const more = items.length - limit;
  return more > 0 ? [...items.slice(0, limit), `+ ${more} more`] : items;
}

/** `1 host`, `2 hosts`, `2 entries`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `once`, `3 times`. */
export function times(number: number): string {
  return number === 1 ? 'once' : `${number} times`;
}

/** `2026-11-21 04:00:12 UTC`, to compare with logs; an invalid date is `an unknown time`. */
export function utc(at: Date): string {
  if (Number.isNaN(at.getTime())) return 'an unknown time';
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The items by key, in their original order. Node 20 has no Map.groupBy. */
export function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
