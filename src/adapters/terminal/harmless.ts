import { escapeUnit, STEERING, STEERING_IN_LINES } from '../../chat/steering.ts';

/** Makes characters that steer a terminal visible. */

/** Clears the line: CSI K, which every terminal but a dumb one supports. */
export const ERASE = '\r\u001b[K';

/** What the drawing itself writes: bold, dim, cyan, their ends, and a line that is erased. */
const OWN = ['\u001b[1m', '\u001b[2m', '\u001b[22m', '\u001b[36m', '\u001b[39m', ERASE];

/** For data on one line: ESC becomes `\x1b`, a right-to-left override `\u202e`. */
export function harmless(text: string): string {
  return text.replace(STEERING, spelled);
}

/** For our own text or a statement: line breaks and tabs stay. */
export function harmlessLines(text: string): string {
  return text.replace(STEERING_IN_LINES, spelled);
}

/** For drawn text: what the drawing wrote itself also stays. */
export function harmlessDrawn(text: string): string {
  return text.replace(STEERING_IN_LINES, (character, at: number) =>
    isOwn(text, at) ? character : spelled(character),
  );
}

function isOwn(text: string, at: number): boolean {
  // The erasing code begins one character before its ESC.
  return OWN.some((code) => text.startsWith(code, at)) || text.startsWith(ERASE, at - 1);
}

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? escapeUnit(character) : `\\u{${code.toString(16)}}`;
}
