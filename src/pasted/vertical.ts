import {
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

const NAME =
  /(?:^|[\s(,])[*`"']{0,3}(IP|HOST|HOST_VALIDATED|SUM_CONNECT_ERRORS|COUNT_[A-Z0-9_]{1,60}|(?:FIRST|LAST)_(?:ERROR_)?SEEN|ID|USER|DB|COMMAND|TIME|STATE|INFO|PROGRESS|TIME_MS|(?:PROCESSLIST_)(?:ID|USER|HOST|DB|COMMAND|TIME|STATE|INFO))[*`"']{0,3}\s{0,8}:(?=\s|$|[*`"'])/gi;

/** Two rows of all columns side by side have fewer. */
const PAIRS_IN_LINE = 100;

/** So many lines of other words may stand within a row. */
const WORDS_BETWEEN = 3;

export function readVertical(lines: readonly string[], found: Found): void {
  const drafts: Draft[] = [];
  let lanes: Draft[] = [];
  let mark: number | null = null;
  let others = 0;
  const marks: number[] = [];
  for (const [at, line] of lines.entries()) {
    if (found.used.has(at)) continue;
    if (isMarkLine(line)) {
      marks.push(at);
      mark = at;
      lanes = [];
      others = 0;
      continue;
    }
    const pairs = pairsOf(line);
    if (pairs.length > 0) {
      others = 0;
      lanes = putPairs(pairs, at, { lanes, drafts, isMarked: mark !== null });
    } else if (line.trim() !== '') others += 1;
    if (others > WORDS_BETWEEN) {
      lanes = [];
      mark = null;
    }
  }
  for (const draft of drafts) finish(draft, found);
  for (const at of marks) if (found.rows.length > 0) found.used.add(at);
}

function isMarkLine(line: string): boolean {
  return line.length <= 400 && MARK_LINE.test(line);
}

function pairsOf(line: string): readonly Pair[] {
  if (!line.includes(':')) return [];
  const names = [...line.matchAll(NAME)];
  if (names.length > PAIRS_IN_LINE) return [];
  return names.map(({ 0: whole, 1: name = '', index }, n) => ({
    name: name.toUpperCase().replace(/^PROCESSLIST_/, ''),
    value: line.slice(index + whole.length, names[n + 1]?.index).trim(),
  }));
}

/** Two rows side by side name each column twice in a line. */
function putPairs(
  pairs: readonly Pair[],
  line: number,
  into: {
    readonly lanes: readonly Draft[];
    readonly drafts: Draft[];
    readonly isMarked: boolean;
  },
): Draft[] {
  const lanes = [...into.lanes];
  const seen = new Map<string, number>();
  for (const { name, value } of pairs) {
    const lane = seen.get(name) ?? 0;
    seen.set(name, lane + 1);
    let draft = lanes[lane];
    if (draft === undefined || !takes(draft, name)) {
      draft = { cells: new Map(), lines: [], isMarked: into.isMarked };
      into.drafts.push(draft);
      lanes[lane] = draft;
    }
    draft.cells.set(name, value);
    if (draft.lines.at(-1) !== line) draft.lines.push(line);
  }
  return lanes.filter((draft) => draft !== undefined);
}

/** Without the line of asterisks, a repeated column, or one of another table, begins the next row. */
function takes({ cells }: Draft, name: string): boolean {
  if (cells.has(name)) return false;
  const names = [...cells.keys()];
  if (name === 'HOST') return true;
  return isCacheColumn(name)
    ? !names.some((each) => each !== 'HOST' && isSessionColumn(each))
    : !names.some((each) => each !== 'HOST' && isCacheColumn(each));
}

function finish({ cells, lines, isMarked }: Draft, found: Found): void {
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
