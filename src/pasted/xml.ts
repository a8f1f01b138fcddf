import { SaxesParser } from 'saxes';
import { type Cells, columnName, type Found, kindOf } from './columns.ts';
import { createLineAt, startsOf } from './line-at.ts';

/** Rows as XML: `mysql -X`, `mysqldump -X` and phpMyAdmin. */

const ROW_TAG = /<(\/?)(row|table)\b[^<>]{0,300}>/gi;

export function readXml(lines: readonly string[], found: Found): void {
  const text = lines.join('\n');
  const lineAt = createLineAt(startsOf(lines));
  let start = -1;
  for (const { 0: tag, 1: slash, index } of text.matchAll(ROW_TAG)) {
    if (slash === '') {
      // One that opens inside another is the row.
      start = index;
      continue;
    }
    if (start >= 0) readRow(text.slice(start, index + tag.length), lineAt(start), found);
    start = -1;
  }
  if (start >= 0 && /"IP"|<IP>/i.test(text.slice(start, start + 300))) {
    const line = lineAt(start);
    found.used.add(line);
    found.problems.push({ line: line + 1, problem: 'expected </row>, got the end of the text' });
  }
  if (found.rows.length > 0) markFrames(lines, found.used);
}

function readRow(source: string, line: number, found: Found): void {
  const cells = cellsOf(source);
  const kind = cells === null ? null : kindOf([...cells.keys()]);
  const isBroken = cells === null && /"IP"|<IP>/i.test(source);
  if (kind === null && !isBroken) return;
  const count = source.split('\n').length;
  for (let at = line; at < line + count; at += 1) found.used.add(at);
  if (cells !== null && kind !== null) found.rows.push({ kind, line, cells });
  else found.problems.push({ line: line + 1, problem: 'expected a row of XML, got broken XML' });
}

/** `<field name="IP">…` or `<IP>…`; null = not XML. */
function cellsOf(source: string): Cells | null {
  const cells = new Map<string, string | null>();
  let depth = 0;
  let column = '';
  let isBroken = false;
  const parser = new SaxesParser({ fragment: true, xmlns: false });
  parser.on('error', () => {
    isBroken = true;
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth !== 2) return;
    column = columnName(String(attributes['name'] ?? name));
    cells.set(column, String(attributes['xsi:nil']) === 'true' ? null : '');
  });
  parser.on('text', (text) => {
    if (depth === 2) cells.set(column, `${cells.get(column) ?? ''}${text}`);
  });
  parser.on('closetag', () => {
    depth -= 1;
  });
  parser.write(source).close();
  return isBroken ? null : cells;
}

/** The lines around the rows of a document. */
const FRAME =
  /^\s{0,80}(?:<\/?[?!]?(?:xml|resultset|table_data|database|pma_xml_export|mysqldump|row|table)\b.{0,2000}|.{0,300}xmlns:xsi=.{0,300})$/i;

function markFrames(lines: readonly string[], used: Set<number>): void {
  for (const [at, line] of lines.entries()) if (FRAME.test(line)) used.add(at);
}
