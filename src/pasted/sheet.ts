import { CsvError, parse } from 'csv-parse/sync';

/** How the lines of a table with a line of names are taken apart. */
export interface Sheet {
  /** Every name in its first line must be a known column: words of a sentence are separated by blanks too. */
  readonly isStrict: boolean;
  /** The cells of a line of names; null = it has none of these separators. */
  names(line: string): readonly string[] | null;
  /** The records from the line of names to the last line that may be one. */
  read(lines: readonly string[], start: number): Run;
}

export interface Run {
  readonly records: readonly SheetRecord[];
  /** The index after the last line. */
  readonly end: number;
}

export interface SheetRecord {
  /** The index of its first line. */
  readonly line: number;
  /** The index after its last line. */
  readonly end: number;
  /** null = a line between rows, such as `+----+----+`. */
  readonly cells: readonly string[] | null;
}

const BORDER = /^[-+|:=\s─━═┼╪├┤┌┬┐└┴┘│]{3,20000}$/;

export function isBorder(line: string): boolean {
  return /[-=─━═]{2}/.test(line) && BORDER.test(line);
}

/** mysql, Markdown, DBeaver: with or without bars at the edges. */
const bars: Sheet = {
  isStrict: false,
  names: (line) => (/[|│┃]/.test(line) ? barCells(line, startsWithBar(line)) : null),
  read: (lines, start) => {
    const hasEdge = startsWithBar(lines[start] ?? '');
    return readLines(lines, start, (line) => {
      if (isBorder(line)) return null;
      return /[|│┃]/.test(line) ? barCells(line, hasEdge) : undefined;
    });
  },
};

/** `mysql -B` and what a grid of cells gives to the clipboard. */
const tabs: Sheet = {
  isStrict: false,
  names: (line) => (line.includes('\t') ? line.split('\t') : null),
  read: (lines, start) =>
    readLines(lines, start, (line) => (line.includes('\t') ? line.split('\t') : undefined)),
};

/** A terminal's columns, two blanks apart. */
const gaps: Sheet = {
  isStrict: true,
  names: gapCells,
  read: (lines, start) => readLines(lines, start, (line) => gapCells(line) ?? undefined),
};

function gapCells(line: string): readonly string[] | null {
  const cells = line.length > 4000 ? [] : line.trim().split(/ {2,4000}/);
  return cells.length > 2 ? cells : null;
}

/** Tabs that became blanks on the way. */
const blanks: Sheet = {
  isStrict: true,
  names: blankCells,
  read: (lines, start) => readLines(lines, start, (line) => blankCells(line) ?? undefined),
};

/** The first that fits is taken. */
export const SHEETS: readonly Sheet[] = [bars, tabs, separated(','), separated(';'), gaps, blanks];

/** `cellsOf`: null = a border, undefined = the table has ended. */
function readLines(
  lines: readonly string[],
  start: number,
  cellsOf: (line: string) => readonly string[] | null | undefined,
): Run {
  const records: SheetRecord[] = [];
  const isSpaced = isBlank(lines[start + 1]);
  let at = start;
  for (; at < lines.length; at += 1) {
    if (isSpaced && isGap(lines, at)) continue;
    const cells = cellsOf(lines[at] ?? '');
    if (cells === undefined) break;
    records.push({ line: at, end: at + 1, cells });
  }
  return { records, end: at };
}

function isBlank(line: string | undefined): boolean {
  return line !== undefined && line.trim() === '';
}

/** Mail and web pages put a blank line between any two lines. */
function isGap(lines: readonly string[], at: number): boolean {
  return isBlank(lines[at]) && !isBlank(lines[at + 1]);
}

function startsWithBar(line: string): boolean {
  return /^\s{0,200}[|│┃]/.test(line);
}

function barCells(line: string, hasEdge: boolean): readonly string[] {
  const cells = line.split(/[|│┃]/);
  if (hasEdge && cells[0]?.trim() === '') cells.shift();
  if (cells.at(-1)?.trim() === '') cells.pop();
  return cells;
}

const WORD =
  /"[^"]{0,300}"|unauthenticated user|connecting host|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?|\S{1,300}/gi;

function blankCells(line: string): readonly string[] | null {
  const words = line.length > 4000 ? [] : (line.match(WORD) ?? []);
  return words.length > 2 ? words : null;
}

/** CSV, as spreadsheets, Workbench and hostcache itself write it. */
function separated(delimiter: string): Sheet {
  return {
    isStrict: false,
    names: (line) => (line.includes(delimiter) ? line.split(delimiter) : null),
    read: (lines, start) => {
      const { numbers, end } = runOf(lines, start, delimiter);
      return { records: parseRun(lines, numbers, delimiter), end };
    },
  };
}

/** A quoted cell may go on in the next lines, within this limit. */
const LINES_IN_CELL = 50;

/** The indexes of the lines up to one without the delimiter. Each line is looked at once. */
function runOf(
  lines: readonly string[],
  start: number,
  delimiter: string,
): { readonly numbers: readonly number[]; readonly end: number } {
  const numbers: number[] = [];
  const isSpaced = isBlank(lines[start + 1]);
  let open = 0;
  let at = start;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (isSpaced && open === 0 && isGap(lines, at)) continue;
    if (open === 0 && !line.includes(delimiter)) break;
    const isOdd = line.split('"').length % 2 === 0;
    open = isOdd === open > 0 ? 0 : open + 1;
    if (open > LINES_IN_CELL) break;
    numbers.push(at);
  }
  return { numbers, end: at };
}

function parseRun(
  lines: readonly string[],
  numbers: readonly number[],
  delimiter: string,
): readonly SheetRecord[] {
  const options = { delimiter, relax_quotes: true, relax_column_count: true } as const;
  const run = numbers.map((at) => lines[at] ?? '');
  const record = (from: number, count: number, cells: readonly string[]): SheetRecord => {
    const line = numbers[from] ?? 0;
    return { line, end: (numbers[from + count - 1] ?? line) + 1, cells };
  };
  try {
    let from = 0;
    return parse(run.join('\n'), options).map((cells) => {
      const first = from;
      from += 1;
      for (const cell of cells) if (cell.includes('\n')) from += cell.split('\n').length - 1;
      return record(first, from - first, cells);
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // A quote that is not closed: without quotes at all, each line is a record.
    return run.map((line, n) => record(n, 1, line.split(delimiter)));
  }
}
