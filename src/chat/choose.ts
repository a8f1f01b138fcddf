import type { Caller } from './caller.ts';
import { type Surface, typed } from './help.ts';
import { code, type Spans, text } from './message.ts';
import type { Subcommand } from './subcommand.ts';
import { nearest } from './words.ts';

/** Which subcommand a line asks for; a client alone is `why`, a mistyped name is told as such. */

export type Choice =
  /** `args`: the words without the subcommand's name; all of them where a client stands first. */
  | {
      readonly kind: 'found';
      readonly subcommand: Subcommand;
      readonly args: readonly string[];
    }
  | NotFound;

export interface NotFound {
  readonly kind: 'refused';
  readonly spans: Spans;
  /** The words that were likely meant; null = none are near. */
  readonly instead: readonly string[] | null;
}

/** A pasted error is a sentence; a mistyped subcommand stands before a few words. */
const FEW_WORDS = 6;

export function choose(
  words: readonly string[],
  subcommands: readonly Subcommand[],
  surface: Surface,
): Choice {
  const first = words[0] ?? 'help';
  const named = find(first, subcommands, surface);
  if (named !== undefined) return { kind: 'found', subcommand: named, args: words.slice(1) };
  const why = find('why', subcommands, surface);
  const wrong = misspelt(words, subcommands, surface);
  if (wrong !== null || why === undefined) {
    return wrong ?? unknownWord(first, subcommands, surface);
  }
  return { kind: 'found', subcommand: why, args: words };
}

/** The subcommand that these words would run; null = none. */
export function chosen(
  words: readonly string[],
  subcommands: readonly Subcommand[],
  surface: Surface,
): Subcommand | null {
  const found = choose(words, subcommands, surface);
  return found.kind === 'found' ? found.subcommand : null;
}

export function offered(
  subcommands: readonly Subcommand[],
  surface: Surface,
): readonly Subcommand[] {
  return subcommands.filter(({ surfaces }) => surfaces.includes(surface));
}

export function find(
  word: string,
  subcommands: readonly Subcommand[],
  surface: Surface,
): Subcommand | undefined {
  return offered(subcommands, surface).find(({ name }) => name === word.toLowerCase());
}

export function surfaceOf(caller: Caller): Surface {
  return caller.kind === 'terminal' ? 'terminal' : 'slack';
}

/** What to say of a word that names no subcommand here; `before` stands before the word in a line. */
export function notNamed(
  word: string,
  subcommands: readonly Subcommand[],
  surface: Surface,
  before: readonly string[] = [],
): NotFound {
  const elsewhere = subcommands.find(({ name }) => name === word.toLowerCase());
  if (elsewhere !== undefined) return otherSurface(elsewhere, surface);
  const near = nearestSubcommand(word, subcommands, surface);
  if (near === null) return unknownWord(word, subcommands, surface);
  const spans = text(code(word), ' is no subcommand.');
  return { kind: 'refused', spans, instead: [...before, near] };
}

/** Where the line is no client and no pasted error; null where it may be one. */
function misspelt(
  words: readonly string[],
  subcommands: readonly Subcommand[],
  surface: Surface,
): NotFound | null {
  const [first = '', ...rest] = words;
  if (/[.:]/.test(first)) return null;
  const elsewhere = subcommands.find(({ name }) => name === first.toLowerCase());
  if (elsewhere !== undefined) return otherSurface(elsewhere, surface);
  const near = nearestSubcommand(first, subcommands, surface);
  if (near !== null && words.length <= FEW_WORDS) {
    const spans = text(code(first), ' is no subcommand.');
    return { kind: 'refused', spans, instead: [near, ...rest] };
  }
  // Neither an address nor an error message does without a dot, a colon and a quote.
  return /[.:'"’‘“”]/.test(words.join(' ')) ? null : unknownWord(first, subcommands, surface);
}

function nearestSubcommand(
  word: string,
  subcommands: readonly Subcommand[],
  surface: Surface,
): string | null {
  const names = offered(subcommands, surface).map(({ name }) => name);
  return nearest(word, names);
}

function otherSurface(subcommand: Subcommand, surface: Surface): NotFound {
  const there: Surface = surface === 'slack' ? 'terminal' : 'slack';
  const place = there === 'slack' ? 'Slack' : 'a terminal';
  const call = code(typed(subcommand.usage, there));
  const spans = text(code(subcommand.name), ` works in ${place} only: `, call);
  return { kind: 'refused', spans, instead: null };
}

function unknownWord(word: string, subcommands: readonly Subcommand[], surface: Surface): NotFound {
  const names = offered(subcommands, surface).map(({ name }) => name);
  const spans = text(
    code(word),
    ` is neither a client (an address, a host name with a dot) nor a subcommand: ${names.join(', ')}. See `,
    code(typed('help', surface)),
    '.',
  );
  return { kind: 'refused', spans, instead: null };
}
