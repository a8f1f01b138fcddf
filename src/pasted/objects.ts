import { shorten } from '../chat/words.ts';
import { type Found, isCacheColumn, isUnauthenticated, kindOf, type RowKind } from './columns.ts';
import { createLineAt, startsOf } from './line-at.ts';

/** Rows as JSON objects: arrays, one a line, one after the other, inside the object of a shell or of phpMyAdmin. */

/** The part of a text from one offset to another. */
interface Slice {
  readonly start: number;
  readonly end: number;
  /** false: a quote or the object is not closed. */
  readonly isWhole: boolean;
}

/** A row has no object in it, so only the innermost objects are read. */
export function readObjects(lines: readonly string[], found: Found): void {
  const text = lines.join('\n');
  const lineAt = createLineAt(startsOf(lines));
  for (const { start, end, isWhole } of innermostObjects(text)) {
    const source = text.slice(start, end);
    if (!MAY_BE_ROW.test(source)) continue;
    const [first, last] = [lineAt(start), lineAt(end - 1)];
    const row = isWhole ? parseRow(source) : null;
    if (row === 'other') continue;
    if (found.problems.length >= BROKEN_ENOUGH) break;
    for (let at = first; at <= last; at += 1) found.used.add(at);
    if (row !== null) found.rows.push({ ...row, line: first });
    else
      found.problems.push({
        line: first + 1,
        problem: `expected a JSON object, got ${shown(source)}`,
      });
  }
  markFrames(lines, found.used);
}

/** A text with so many broken objects is not JSON; each costs an exception. */
const BROKEN_ENOUGH = 1000;

const MAY_BE_ROW = /"(?:ip|user|host_validated|sum_connect_errors|address|client)"\s{0,9}:/i;

type JsonRow = { readonly kind: RowKind; readonly cells: ReadonlyMap<string, unknown> };

/** null = not JSON. */
function parseRow(source: string): JsonRow | 'other' | null {
  const value = parseJson(source);
  if (value === undefined) return isCacheText(source) ? null : 'other';
  const cells = new Map(
    Object.entries(value ?? {}).map(([name, cell]) => [
      OWN_NAMES[name] ?? name.toUpperCase(),
      cell,
    ]),
  );
  const kind = kindOf([...cells.keys()]);
  if (kind !== null) return { kind, cells };
  // A log has users too, but none of this name.
  const isWaiting = isUnauthenticated(cells.get('USER')) && cells.has('HOST');
  return isWaiting ? { kind: 'session', cells } : 'other';
}

/** `list --json` has names that differ from those of its columns. */
const OWN_NAMES: Readonly<Record<string, string>> = { connectErrors: 'CONNECT_ERRORS' };

/** A broken object may also be an error of another program. */
function isCacheText(source: string): boolean {
  const names = Array.from(source.matchAll(/"(\w{1,64})"\s{0,9}:/g), ([, name = '']) => name);
  return names.length > 0 && names.every((name) => isCacheColumn(name.toUpperCase()));
}

/** One pass, whatever the text: an object that opens inside another replaces it. */
function* innermostObjects(text: string): Iterable<Slice> {
  let start = -1;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (isQuoted && letter === '\\') at += 1;
    else if (isQuoted && letter === '\n') {
      yield { start, end: at, isWhole: false };
      isQuoted = false;
      start = -1;
    } else if (letter === '"' && start >= 0) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (letter === '{') start = at;
    else if (letter === '}' && start >= 0) {
      yield { start, end: at + 1, isWhole: true };
      start = -1;
    }
  }
  if (start >= 0) yield { start, end: text.length, isWhole: false };
}

/** Lines around rows that hold brackets, or what a shell and phpMyAdmin say of the result. */
const FRAME =
  /^[\s[\]{}(),;]{0,200}$|^\s{0,40}[[{]{0,2}"(?:hasData|rows|executionTime|affectedRowCount|affectedItemsCount|warnings?Count|warnings|info|autoIncrementValue|type|version|comment|database|name|data)": ?[^'’]{0,300}$/;

function markFrames(lines: readonly string[], used: Set<number>): void {
  const frame = (at: number) => {
    const line = lines[at];
    const isFrame = line !== undefined && line.trim() !== '' && FRAME.test(line);
    if (!isFrame || used.has(at)) return false;
    used.add(at);
    return true;
  };
  for (const row of [...used]) {
    for (let at = row - 1; frame(at); at -= 1);
    for (let at = row + 1; frame(at); at += 1);
  }
}

/** undefined: not JSON. */
function parseJson(text: string): object | null | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function shown(source: string): string {
  return `"${shorten(source.replace(/\s+/g, ' '))}"`;
}
