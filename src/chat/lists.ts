/** Lists, counts and times in words, the same in every answer. */

/** `a, b and 3 more`: no more than `limit` items by name. */
export function listed(items: readonly string[], limit: number): string {
  const more = items.length - limit;
  const named = items.slice(0, limit).join(', ');
  return more > 0 ? `${named} and ${more} more` : named;
}

/** The first rows of a table; the others of `total` as one row `+ 3 more`, with a note in its last cell. */
export function firstRows(
  rows: readonly (readonly string[])[],
  limit: number,
  { total = rows.length, note = '' } = {},
): readonly (readonly string[])[] {
  const shown = rows.slice(0, limit);
  const more = total - shown.length;
  if (more <= 0) return shown;
  const blanks = (rows[0] ?? []).slice(2).map(() => '');
  const row = [`+ ${more} more`, ...blanks, note].slice(0, rows[0]?.length);
  return [...shown, row];
}

/** `1 host`, `2 hosts`, `2 entries`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `once`, `3 times`. */
export function times(number: number): string {
  return number === 1 ? 'once' : `${number} times`;
}

/** `2026-11-21 04:00:12 UTC`. */
export function utc(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
