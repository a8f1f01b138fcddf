import { stripVTControlCharacters } from 'node:util';
import { decodeHTML } from 'entities';
import { createLineAt, startsOf } from './line-at.ts';

/** What chats, mail, terminals, web pages and JSON put around and into a text, and how it is undone. */

/** `> ` of mail and chat, also as HTML, also nested. */
const QUOTED = /^(?:\s{0,8}(?:>|&gt;)){1,20} ?/;
const FENCE = /^\s{0,20}(?:`{3,9}|~{3,9})\w{0,20}\s{0,20}$/;

/** The lines of the text, without colours, quote prefixes and code fences. Nothing inside a line changes. */
export function unwrapLines(raw: string): readonly string[] {
  return stripVTControlCharacters(raw.replace(/^\uFEFF/, ''))
    .split(/\r\n|\n|\r/)
    .map((line) => {
      const bare = line.replace(QUOTED, '');
      return FENCE.test(bare) ? '' : bare;
    });
}

/** Lines joined by blanks, to match wordings that are wrapped. */
export interface PlainText {
  readonly text: string;
  /** The index of the line that holds the character at this offset. */
  lineAt(offset: number): number;
  /** The offset at which a line begins. */
  startOf(line: number): number;
  lineText(line: number): string;
}

/** No wording is matched across a line for which `isApart` is true. */
export function joinLines(
  lines: readonly string[],
  isApart: (line: number) => boolean = () => false,
): PlainText {
  const parts = lines.map((line, at) => (isApart(at) ? '\n' : line === '' ? '' : plainLine(line)));
  const starts = startsOf(parts);
  const text = parts.join(' ');
  return {
    text,
    lineAt: createLineAt(starts),
    startOf: (line) => starts[line] ?? text.length,
    lineText: (line) => parts[line] ?? '',
  };
}

/**
 * A user between apostrophes, in which backticks are part of the name; or a backtick in place of an
 * apostrophe. Between letters, or beside an apostrophe, a backtick is also part of a name.
 */
const USER_OR_BACKTICK =
  /'[^']{1,128}'(?:@| host: )'|(?<![\p{L}\p{N}_'])`(?!')|`(?![\p{L}\p{N}_'`])/gu;

/** One kind of apostrophe and of blank; no escapes of HTML, JSON, shells and URLs. */
function plainLine(line: string): string {
  return decodeHTML(decodeUrls(line))
    .replace(/\\{1,4}u0027/gi, "'")
    .replace(/\\{1,4}(?=['"`])/g, '')
    .replace(/\\{1,4}[nrt](?![a-z]:)/g, ' ')
    .replace(/[\u2018\u2019\u201a\u201b\u2032´]/g, "'")
    .replace(USER_OR_BACKTICK, (found) => (found === '`' ? "'" : found))
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .replace(/[\u200b-\u200f\u2060\u202a-\u202e]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Only words that hold an encoded quote: a zone such as fe80::1%25 stays. */
function decodeUrls(line: string): string {
  if (!/%2[27]/.test(line)) return line;
  return line
    .split(' ')
    .map((word) => (/%2[27]/.test(word) ? decodeUrl(word) : word))
    .join(' ');
}

function decodeUrl(word: string): string {
  return word
    .replaceAll('+', ' ')
    .replace(/%(?:2[0-9A-F]|3[A-F]|40|0[AD])/gi, (code) => decodeURIComponent(code));
}
