/** Characters of foreign text that could steer an output: a PTR record must not move the cursor. */

/** Controls, bidi marks, zero-width characters, line and paragraph separators, half surrogates. */
export const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The same in our own text or a statement, where line breaks and tabs stay. */
export const STEERING_IN_LINES = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** JSON lines in which JSON's own escapes replace them; JSON.stringify leaves C1 controls and bidi marks. */
export function withoutSteering(json: string): string {
  return visibleLines(json);
}

/** Foreign text on one line, in which each of them is spelled out. */
export function visible(text: string): string {
  return text.replace(STEERING, escapeUnits);
}

/** Foreign text, or our own, in which line breaks and tabs stay and the others are spelled out. */
export function visibleLines(text: string): string {
  return text.replace(STEERING_IN_LINES, escapeUnits);
}

function escapeUnits(character: string): string {
  return character.split('').map(escapeUnit).join('');
}

/** `\u009b` of one UTF-16 unit. */
export function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
