import { STEERING, STEERING_IN_LINES } from '../../chat/steering.ts';

/** Makes characters that steer a terminal visible. */

/** For data on one line: ESC becomes `\x1b`, a right-to-left override `\u202e`. */
export function harmless(text: string): string {
  return text.replace(STEERING, spelled);
}

/** For our own text or a statement: line breaks and tabs stay. */
export function harmlessLines(text: string): string {
  return text.replace(STEERING_IN_LINES, spelled);
}

/** One JSON object on one line; JSON.stringify does not escape C1 controls and bidi marks. */
export function harmlessJson(row: object): string {
  return JSON.stringify(row).replace(STEERING, (character) =>
    character.split('').map(escape16).join(''),
  );
}

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? escape16(character) : `\\u{${code.toString(16)}}`;
}

function escape16(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
