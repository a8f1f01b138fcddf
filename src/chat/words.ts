/** A typed line as words, and how near a mistyped word is to one we know. */

/** A word that begins with a quote runs to the same quote before a space or the end; else the quote is a letter. */
const WORD = /"((?:[^"\\]|\\.)*)"(?=\s|$)|'([^']*)'(?=\s|$)|(\S+)/gs;

/** What splitWords reads as it stands. */
const PLAIN_WORD = /^[^\s"']\S*$/;

/**
 * The words of a line, quotes around a whole word taken off: `on "db main"` gives `on`, `db main`.
 * Between double quotes `\"` is a quote and `\\` a backslash.
 */
export function splitWords(line: string): readonly string[] {
  return Array.from(line.matchAll(WORD), ([, double, single, plain]) =>
    double === undefined ? (single ?? plain ?? '') : double.replace(/\\(["\\])/g, '$1'),
  );
}

/** The line that splitWords reads back as exactly these words, whatever stands in them. */
export function joinWords(words: readonly string[]): string {
  return words
    .map((word) => (PLAIN_WORD.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`))
    .join(' ');
}

/** What somebody typed, as it is quoted back to them. */
export function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** The candidate that a typing error could have made of the word; null where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  // One slip in a short word, two in a long one: more would suggest at random, as one would in a letter.
  const limit = word.length > 5 ? 2 : Math.min(word.length - 1, 1);
  let best: { readonly candidate: string; readonly distance: number } | null = null;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate);
    if (distance <= limit && distance < (best?.distance ?? Infinity))
      best = { candidate, distance };
  }
  return best?.candidate ?? null;
}

/**
 * The same for names of servers: one that differs in its digits alone is another server, not a slip,
 * so `db1` is never offered for `db2`.
 */
export function nearestName(word: string, names: readonly string[]): string | null {
  const lower = word.toLowerCase();
  const letters = (name: string) => name.toLowerCase().replace(/\d/g, '');
  const others = names.filter((name) => letters(name) !== letters(word));
  return names.includes(lower) ? lower : nearest(word, others);
}

/** Letters to add, drop, change or swap with a neighbour until one word is the other. */
export function editDistance(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        row > 1 && column > 1 && swapped ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
