/** Foreign text made fit for Slack: nothing in it may steer, and in mrkdwn nothing may be markup. */

/** Controls, bidi marks and zero-width characters, line and paragraph separators, half surrogates. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Data on one line. */
export function clean(text: string): string {
  return text.normalize('NFC').replace(STEERING, '\uFFFD');
}

/** Our own words, or a statement: line breaks and tabs stay. */
export function cleanLines(text: string): string {
  return text
    .normalize('NFC')
    .replace(STEERING, (character) =>
      character === '\n' || character === '\t' ? character : '\uFFFD',
    );
}

/** Clean text for the few places that Slack parses, such as the text of a notification. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** At most so many UTF-16 units, as Slack counts; never half a character. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept}…`;
}
