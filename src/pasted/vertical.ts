import {
  columnName,
  type Found,
  isCacheColumn,
  isSessionColumn,
  isUnauthenticated,
  kindOf,
  type RowKind,
} from './columns.ts';

/** Rows as `\G` prints them: `COLUMN: value`, one a line or several, with or without a line of asterisks before each. */

/** A row that is still being read. */
interface Draft {
  readonly cells: Map<string, string>;
  readonly lines: number[];
  /** Whether `1. row` stood before it. */
  readonly isMarked: boolean;
}

interface Pair {
  readonly name: string;
  readonly value: string;
}

const MARK_LINE = /^[\s*]{0,200}\d{1,9}\. row(?:[\s*]{1,200}\d{1,9}\. row){0,9}[\s*]{0,200}$/i;

const COLUMN =
  '(?:PROCESSLIST_)?(?:IP|HOST_VALIDATED|SUM_CONNECT_ERRORS|COUNT_[A-Z0-9_]{1,60}|(?:FIRST|LAST)_(?:ERROR_)?SEEN|ID|USER|HOST|DB|COMMAND|TIME_MS|TIME|STATE|INFO|PROGRESS)';

/** `IP: `, `[IP] => ` of PHP, `"IP"=>` of Ruby, `IP = `. */
const NAME = new RegExp(
  String.raw`(?:^|[\s(,[{])[*\`"'[]{0,3}(${COLUMN})[*\`"'\]]{0,3}\s{0,8}(:(?=\s|$|[*\`])|=>|=(?=\s))`,
  'gi',
);

/** A line of a table on its side, or without a blank: `| IP | 192.0.2.7 |`, `IP:192.0.2.7`. */
const SIDEWAYS = new RegExp(
  String.raw`^[\s|│•*-]{0,40}(${COLUMN})[*\`"']{0,3}(?:\s{0,60}[|│:]|\t| {2,60})\s{0,60}([^|│\t]{1,300})[\s|│]{0,40}$`,
  'i',
);

/** Two rows of all columns side by side have fewer. */
const PAIRS_IN_LINE = 100;

/** So many lines of other words may stand within a row. */
const WORDS_BETWEEN = 3;

export function readVertical(lines: readonly string[], found: Found): void {
  const reading: Reading = { drafts: [], lanes: [], isMarked: false };
  const marks: number[] = [];
  let others = 0;
  const begin = (isMarked: boolean) => {
    reading.lanes = [];
    reading.isMarked = isMarked;
    others = 0;
  };
  for (const [at, line] of lines.entries()) {
    if (found.used.has(at)) continue;
    if (isMarkLine(line)) {
      marks.push(at);
      begin(true);
      continue;
    }
    const pairs = pairsOf(line);
    putPairs(pairs, at, reading);
    if (pairs.length > 0) others = 0;
    else if (line.trim() !== '') others += 1;
    if (others > WORDS_BETWEEN) begin(false);
  }
  for (const draft of reading.drafts) finish(draft, found);
  if (found.rows.length > 0) for (const at of marks) found.used.add(at);
}

function isMarkLine(line: string): boolean {
  return line.length <= 400 && MARK_LINE.test(line);
}

function pairsOf(line: string): readonly Pair[] {
  const names: RegExpExecArray[] = [];
  for (const match of /[:=]/.test(line) ? line.matchAll(NAME) : []) {
    if (names.push(match) > PAIRS_IN_LINE) return [];
  }
  if (names.length === 0) return sidewaysOf(line);
  return names.map(({ 0: whole, 1: name = '', 2: sign, index }, n) => {
    const value = line.slice(index + whole.length, names[n + 1]?.index).trim();
    // PHP prints nothing for NULL.
    return { name: bareName(name), value: value === '' && sign === '=>' ? 'NULL' : value };
  });
}

function sidewaysOf(line: string): readonly Pair[] {
  const [, name, value = ''] = SIDEWAYS.exec(line) ?? [];
  // In a line of names, another name comes next.
  const [next = ''] = value.split(/\s/);
  const isNames = isCacheColumn(columnName(next)) || isSessionColumn(columnName(next));
  return name === undefined || isNames ? [] : [{ name: bareName(name), value: value.trim() }];
}

function bareName(name: string): string {
  return name.toUpperCase().replace(/^PROCESSLIST_/, '');
}

interface Reading {
  readonly drafts: Draft[];
  /** The rows that go on: more than one where rows stand side by side. */
  lanes: Draft[];
  isMarked: boolean;
}

/** Two rows side by side name each column twice in a line. */
function putPairs(pairs: readonly Pair[], line: number, reading: Reading): void {
  const { lanes, drafts, isMarked } = reading;
  const seen: string[] = [];
  for (const { name, value } of pairs) {
    const lane = seen.filter((each) => each === name).length;
    seen.push(name);
    let draft = lanes[lane];
    if (draft === undefined || !takes(draft, name)) {
      draft = { cells: new Map(), lines: [], isMarked };
      drafts.push(draft);
      lanes[lane] = draft;
    }
    draft.cells.set(name, value);
    if (draft.lines.at(-1) !== line) draft.lines.push(line);
  }
}

/** Without the line of asterisks, a repeated column, or one of another table, begins the next row. */
function takes({ cells }: Draft, name: string): boolean {
  if (cells.has(name)) return false;
  if (name === 'HOST') return true;
  for (const each of cells.keys()) {
    if (each !== 'HOST') return isCacheColumn(each) === isCacheColumn(name);
  }
  return true;
}

function finish({ cells, lines, isMarked }: Draft, found: Found): void {
  // Clients print NULL as a word: where nothing stands, somebody blanked it.
  for (const [name, value] of cells) if (value === '') cells.delete(name);
  const kind = kindOfDraft(cells, isMarked);
  const [line] = lines;
  if (kind === null || line === undefined) return;
  for (const at of lines) found.used.add(at);
  found.rows.push({ kind, line, cells });
}

/** Alerts have lines such as `Host: db1` and `Time: 12:00` too. */
function kindOfDraft(cells: ReadonlyMap<string, string>, isMarked: boolean): RowKind | null {
  if (cells.size < 2 && !isMarked) return null;
  const kind = kindOf([...cells.keys()]);
  if (kind === 'session' && !isMarked) return isUnauthenticated(cells.get('USER')) ? kind : null;
  if (kind !== 'cache' || isMarked) return kind;
  return [...cells.keys()].some((name) => /^(?:HOST_VALIDATED|SUM|COUNT)/.test(name)) ? kind : null;
}
