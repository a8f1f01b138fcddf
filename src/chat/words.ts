/** Splits a typed line into words, and finds the known word nearest to a mistyped one. */

/** A quoted word ends at the same quote before a space or the end; any other quote is a letter. */
const WORD = /"((?:[^"\\]|\\.)*)"(?=\s|$)|'([^']*)'(?=\s|$)|(\S+)/gs;

/** A word that splitWords reads unchanged. */
const PLAIN_WORD = /^[^\s"']\S*$/;

/**
 * The words of a line, without quotes around a whole word: `on "db main"` gives `on`, `db main`.
 * Inside double quotes, `\"` is a quote and `\\` is a backslash.
 */
export function splitWords(line: string): readonly string[] {
  return Array.from(line.matchAll(WORD), ([, double, single, plain]) =>
    double === undefined ? (single ?? plain ?? '') : double.replace(/\\(["\\])/g, '$1'),
  );
}

/** The line that splitWords reads back as exactly these words, whatever they contain. */
export function joinWords(words: readonly string[]): string {
  return words
    .map((word) => (PLAIN_WORD.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`))
    .join(' ');
}

/** What a person typed, shortened to 120 characters to be quoted in an answer. */
export function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** The candidate that was probably meant by a mistyped word; null = none is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  // One error in a short word, two in a long one, none in a single letter: more would match at random.
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
 * The same for names of servers. A name that differs only in its digits is another server, not a
 * typing error, so `db1` is never suggested for `db2`.
 */
export function nearestName(word: string, names: readonly string[]): string | null {
  const lower = word.toLowerCase();
  const letters = (name: string) => name.toLowerCase().replace(/\d/g, '');
  const others = names.filter((name) => letters(name) !== letters(word));
  return names.includes(lower) ? lower : nearest(word, others);
}

/** How many letters to add, drop, change or swap with a neighbour to get the other word. */
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
