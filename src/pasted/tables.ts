import type { Found } from './columns.ts';
import { readDelimited } from './delimited.ts';
import { readObjects } from './objects.ts';
import { isBorder } from './sheet.ts';
import { readVertical } from './vertical.ts';
import { readXml } from './xml.ts';

/** Finds the rows of host caches and process lists in a text, in the order of their lines. */
export function readTables(raw: readonly string[]): Found {
  const lines = raw.map(decoded);
  const found: Found = { rows: [], problems: [], used: new Set() };
  // What one has read, the next ones leave.
  for (const read of [readObjects, readXml, readVertical, readDelimited]) read(lines, found);
  if (found.rows.length > 0) markClientWords(lines, found.used);
  found.rows.sort((a, b) => a.line - b.line);
  found.problems.sort((a, b) => a.line - b.line);
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  '#34': '"',
  lt: '<',
  gt: '>',
  nbsp: ' ',
};

/** What chats and web pages do to blanks, quotes and tags. Entities of XML itself stay. */
function decoded(line: string): string {
  if (!/[\u00a0\u201c\u201d]|```|&(?:quot|#34|lt);/.test(line)) return line;
  const plain = line
    .replace(/\u00a0/g, ' ')
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/^\s{0,20}```|```\s{0,20}$/g, '');
  if (/<\/?(?:field|row|column)\b/i.test(plain)) return plain;
  return plain.replace(
    /&(quot|#34|lt|gt|nbsp);/g,
    (whole, name: string) => ENTITIES[name] ?? whole,
  );
}

/** What the client prints around a table: its prompt with the statement, and the number of rows. */
const CLIENT_WORDS =
  /^\s{0,20}(?:\d{1,9} rows? in set\b.{0,60}|(?:mysql|mariadb)(?: \[[^\]]{0,80}\])?> .{0,300}(?:host_cache|processlist)\b.{0,300})$/i;

function markClientWords(lines: readonly string[], used: Set<number>): void {
  for (const [at, line] of lines.entries()) {
    if (CLIENT_WORDS.test(line) || isBorder(line)) used.add(at);
  }
}
