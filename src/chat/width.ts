/** How many columns a text takes where every letter has its cell: a terminal, a monospaced box. */

/** What a reader takes for one character: a letter with its accents, an emoji with its parts. */
const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Two cells: East Asian wide and full-width letters (Unicode's UAX #11), and pictures. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18DFF}\u{1AFF0}-\u{1B2FF}\u{1F1E6}-\u{1F1FF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}|\uFE0F/u;

/** No cell of their own: accents, joiners, controls. */
const NOTHING = /^[\p{M}\p{Cf}\p{Cc}]*$/u;

/** Nearly every text; it needs no taking apart. */
const NARROW = /^[ -~]*$/;

/** Where one of these stands, several may be one character; without, each is its own. */
const JOINING =
  /[\p{M}\p{Cf}\p{Emoji_Modifier}\u{1F1E6}-\u{1F1FF}\u1100-\u11FF\uA960-\uA97F\uD7B0-\uD7FF]/u;

export function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  return charactersOf(text).reduce((sum, character) => sum + cellsOf(character), 0);
}

/** The text, cut by `…` where it would take more columns. */
export function cutToWidth(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let room = width - 1;
  for (const character of charactersOf(text)) {
    room -= cellsOf(character);
    if (room < 0) break;
    kept += character;
  }
  return `${kept}…`;
}

/** As a reader counts them; joined again they are the text. */
export function charactersOf(text: string): readonly string[] {
  if (!JOINING.test(text)) return Array.from(text);
  return Array.from(CHARACTERS.segment(text), ({ segment }) => segment);
}

/** Of one character. */
export function cellsOf(character: string): number {
  if (character.length === 1 && NARROW.test(character)) return 1;
  if (NOTHING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
