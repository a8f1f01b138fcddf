import { shorten } from '../chat/words.ts';
import { parseAddress } from '../hostcache/address.ts';
import type { HostCacheEntry } from '../hostcache/entry.ts';

/** Reads saved rows of performance_schema.host_cache: JSON, or what a client prints with `\G`. */
export type SavedRows =
  | { readonly kind: 'rows'; readonly entries: readonly HostCacheEntry[] }
  /** Saved rows of which one cannot be read. */
  | { readonly kind: 'malformed'; readonly problem: string }
  /** Some other text. */
  | { readonly kind: 'other' };

/** The values of one row, by column name in upper case. */
type Columns = ReadonlyMap<string, unknown>;

type JsonObject = Readonly<Record<string, unknown>>;

const OTHER: SavedRows = { kind: 'other' };

export function parseSavedRows(raw: string): SavedRows {
  const text = raw.replace(/^\uFEFF/, '').trim();
  if (/^Empty set\b/i.test(text)) return { kind: 'rows', entries: [] };
  const rows = /^[[{]/.test(text) ? rowsOfJson(text) : rowsOfText(text);
  if ('kind' in rows) return rows;
  const entries: HostCacheEntry[] = [];
  for (const [i, columns] of rows.entries()) {
    const entry = toEntry(columns);
    if (typeof entry === 'string') return malformed(`row ${i + 1}: ${entry}`);
    entries.push(entry);
  }
  return { kind: 'rows', entries };
}

/** An array, an object with `rows`, a single object, or one object per line. */
function rowsOfJson(text: string): readonly Columns[] | SavedRows {
  const document = parseJson(text);
  if (document !== undefined) return columnsOf(listOf(document));
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const values = lines.map(parseJson);
  // `[MySQL][ODBC Driver] Host '192.0.2.7' …` also begins like JSON.
  if (!isRow(values[0])) return OTHER;
  const broken = values.indexOf(undefined);
  return broken < 0
    ? columnsOf(values)
    : malformed(`line ${broken + 1}: expected a JSON object, got ${shown(lines[broken])}`);
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const rows = isObject(value) && !isRow(value) ? value['rows'] : undefined;
  return Array.isArray(rows) ? rows : [value];
}

function columnsOf(values: readonly unknown[]): readonly Columns[] | SavedRows {
  const rows = values.filter(isRow);
  if (rows.length === 0 && values.length > 0) return OTHER;
  if (rows.length < values.length) {
    const row = values.findIndex((value) => !isRow(value)) + 1;
    return malformed(`row ${row}: expected an object with the column IP`);
  }
  return rows.map(
    (row) => new Map(Object.entries(row).map(([name, value]) => [name.toUpperCase(), value])),
  );
}

/** `*** 1. row ***`, then a `COLUMN: value` per line; other lines of the client are ignored. */
function rowsOfText(text: string): readonly Columns[] | SavedRows {
  const rows: Map<string, unknown>[] = [];
  let row: Map<string, unknown> | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*\*+ *\d+\. row *\*+\s*$/i.test(line)) row = null;
    const { name = '', value = '' } =
      /^\s*(?<name>\w+):(?: (?<value>.*))?$/.exec(line)?.groups ?? {};
    const column = name.toUpperCase();
    if (!COLUMN.test(column)) continue;
    // Without the line of asterisks, a repeated column begins the next row.
    if (row === null || row.has(column)) {
      row = new Map();
      rows.push(row);
    }
    row.set(column, value.trim() === 'NULL' ? null : value.trim());
  }
  return rows.some((each) => each.has('IP')) ? rows : OTHER;
}

const COLUMN =
  /^(?:IP|HOST|HOST_VALIDATED|SUM_CONNECT_ERRORS|COUNT_\w+|(?:FIRST|LAST)(?:_ERROR)?_SEEN)$/;

/** The entry, or what is wrong with the row. */
function toEntry(columns: Columns): HostCacheEntry | string {
  const ip = columns.get('IP');
  const address = typeof ip === 'string' ? parseAddress(ip) : null;
  if (address === null) return `IP: expected an address, got ${shown(ip)}`;
  const counters: Record<string, number> = {};
  for (const [name, value] of columns) {
    if (!/^(?:SUM_CONNECT_ERRORS$|COUNT_)/.test(name)) continue;
    const count = toCount(value);
    if (count === null) return `${name}: expected a number, got ${shown(value)}`;
    counters[name] = count;
  }
  const { SUM_CONNECT_ERRORS: connectErrors = 0, ...others } = counters;
  const host = columns.get('HOST') ?? null;
  return {
    address: address.text,
    host: host === null ? null : String(host),
    validated: String(columns.get('HOST_VALIDATED')).toUpperCase() === 'YES',
    connectErrors,
    counters: others,
    firstSeenAt: toDate(columns.get('FIRST_SEEN')),
    lastSeenAt: toDate(columns.get('LAST_SEEN')),
    firstErrorAt: toDate(columns.get('FIRST_ERROR_SEEN')),
    lastErrorAt: toDate(columns.get('LAST_ERROR_SEEN')),
  };
}

/** null: not a whole number. */
function toCount(value: unknown): number | null {
  if (value === null) return 0;
  const isCount = /^\d+$/.test(String(value)) && ['number', 'string'].includes(typeof value);
  return isCount ? Number(value) : null;
}

/** null without a time zone: clients print the zone of their session and do not name it. */
function toDate(value: unknown): Date | null {
  if (typeof value !== 'string' || !/(?:Z|[+-]\d\d:?\d\d)$/.test(value)) return null;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? null : at;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRow(value: unknown): value is JsonObject {
  return isObject(value) && Object.keys(value).some((name) => name.toUpperCase() === 'IP');
}

/** undefined: not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function malformed(problem: string): SavedRows {
  return { kind: 'malformed', problem: `Saved host cache, ${problem}.` };
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : `"${shorten(String(value))}"`;
}
