import { readClient } from './cells.ts';
import {
  columnName,
  type Found,
  isUnauthenticated,
  kindOf,
  kindOfKnown,
  type RowKind,
} from './columns.ts';
import { isBorder, SHEETS, type Sheet, type SheetRecord } from './sheet.ts';

/** Rows under a line of names: bars, Markdown, tabs, commas, semicolons or blanks between them. */

interface Header {
  readonly kind: RowKind;
  readonly names: readonly string[];
}

/** Cheap, because every line is tried. */
const MAY_BE_NAMES =
  /(?:^|\W)(?:ip|user|processlist_user|address)(?:\W|$)|host_validated|sum_connect_errors|count_\w{1,60}_errors/i;

export function readDelimited(lines: readonly string[], found: Found): void {
  let at = 0;
  while (at < lines.length) {
    const sheet = found.used.has(at) ? null : sheetOf(lines[at] ?? '');
    at = sheet === null ? at + 1 : readSheet(sheet, lines, at, found);
  }
  readFragments(lines, found);
}

/** Whether the line names the columns of a table. */
export function isLineOfNames(line: string): boolean {
  return sheetOf(line) !== null;
}

/** null = no line of names. */
function sheetOf(line: string): Sheet | null {
  if (!MAY_BE_NAMES.test(line)) return null;
  return SHEETS.find((sheet) => headerOf(sheet.names(line), sheet) !== null) ?? null;
}

function headerOf(cells: readonly string[] | null, { isStrict }: Sheet): Header | null {
  if (cells === null || cells.length < 2 || cells.some((cell) => cell.length > 80)) return null;
  const names = cells.map(columnName);
  if (names.some((name) => !/^(?:[A-Z]\w{0,70}|\(INDEX\))$/.test(name))) return null;
  const kind = isStrict ? kindOfKnown(names) : kindOf(names);
  return kind === null ? null : { kind, names };
}

/** Returns the line after the table. Without a row, it is no table. */
function readSheet(sheet: Sheet, lines: readonly string[], start: number, found: Found): number {
  const { records, end } = sheet.read(lines, start);
  const around = start > 0 && isBorder(lines[start - 1] ?? '') ? [start - 1] : [];
  let header: Header | null = null;
  let rows = 0;
  for (const record of records) {
    const mayBeNames: boolean = header === null || MAY_BE_NAMES.test(lines[record.line] ?? '');
    const next: Header | null =
      record.cells !== null && mayBeNames ? headerOf(record.cells, sheet) : null;
    if (record.cells === null || next !== null) {
      header = next ?? header;
      around.push(record.line);
    } else if (header !== null && readRow(header, record.cells, record, found)) {
      rows += 1;
      for (let at = record.line; at < record.end; at += 1) found.used.add(at);
    }
  }
  if (rows > 0) for (const at of around) found.used.add(at);
  return Math.max(end, start + 1);
}

/** Whether the record is a row of the table, also a broken one. */
function readRow(
  { kind, names }: Header,
  cells: readonly string[],
  { line }: SheetRecord,
  found: Found,
): boolean {
  const client = kind === 'cache' ? clientIn(names, cells) : null;
  if (cells.every((cell) => /^[\s.…]{0,20}$/.test(cell))) return true;
  // The last cell of a list is empty where nothing was counted.
  const optional = kind === 'listed' ? 1 : 0;
  if (cells.length < names.length - optional) {
    if (client !== 'address') return false;
    const problem = `expected ${names.length} cells, got ${cells.length}`;
    found.problems.push({ line: line + 1, problem });
    return true;
  }
  // A remark after the last cell, or a bar in a statement, adds cells.
  if (cells.length > names.length && client === 'other') return false;
  found.rows.push({ kind, line, cells: new Map(names.map((name, i) => [name, cells[i]])) });
  return true;
}

function clientIn(names: readonly string[], cells: readonly string[]): string | null {
  const at = names.indexOf('IP');
  return at < 0 ? null : readClient(cells[at]).kind;
}

/** Rows of a process list without its line of names: the columns after the user are always the same. */
function readFragments(lines: readonly string[], found: Found): void {
  for (const [line, text] of lines.entries()) {
    if (found.used.has(line) || !/unauthenticated/i.test(text)) continue;
    const cells = fragmentCells(text);
    const user = cells.findIndex(isUnauthenticated);
    if (user < 0 || cells.length < user + 2) continue;
    const names = ['USER', 'HOST', 'DB', 'COMMAND', 'TIME', 'STATE'];
    const entries = names.map((name, i): [string, unknown] => [name, cells[user + i] ?? null]);
    found.used.add(line);
    found.rows.push({ kind: 'session', line, cells: new Map(entries) });
  }
}

const FRAGMENT =
  /^\s{0,200}(?:\d{1,20}\s{1,200})?(unauthenticated(?: user)?)\s{1,200}(connecting host|\S{1,300})\s{1,200}(\S{1,100})\s{1,200}(Connect|Sleep)\s{1,200}(\S{1,20})\s{0,200}(.{0,100})/i;

function fragmentCells(text: string): readonly string[] {
  // A broken object of JSON.
  if (text.includes('":')) return [];
  for (const separator of ['|', '\t', ',', ';']) {
    if (text.includes(separator)) return text.split(separator);
  }
  const [, ...cells] = FRAGMENT.exec(text) ?? [];
  return cells.map((cell) => cell.replace(/\s{1,20}NULL\s{0,200}$/i, ''));
}
