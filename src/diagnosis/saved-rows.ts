import { parseAddress } from '../hostcache/address.ts';
import type { HostCacheEntry } from '../hostcache/entry.ts';

/** Rows of performance_schema.host_cache that somebody saved: as JSON, or as the `\G` text of a client. */
export type SavedRows =
  | { readonly kind: 'rows'; readonly entries: readonly HostCacheEntry[] }
  /** They were meant to be rows, and this one is not. */
  | { readonly kind: 'fault'; readonly says: string }
  /** Some other text. */
  | { readonly kind: 'other' };

/** Values by column, in upper case. */
type Columns = ReadonlyMap<string, unknown>;

const OTHER: SavedRows = { kind: 'other' };

export function parseSavedRows(raw: string): SavedRows {
  const text = raw.replace(/^\uFEFF/, '').trim();
  if (/^Empty set\b/i.test(text)) return { kind: 'rows', entries: [] };
  const rows = /^[[{]/.test(text) ? rowsOfJson(text) : rowsOfText(text);
  if ('kind' in rows) return rows;
  const entries: HostCacheEntry[] = [];
  for (const [i, columns] of rows.entries()) {
    const entry = toEntry(columns);
    if (typeof entry === 'string') return fault(`row ${i + 1}: ${entry}`);
    entries.push(entry);
  }
  return { kind: 'rows', entries };
}

/** An array, an object with `rows`, one object, or an object a line. */
function rowsOfJson(text: string): readonly Columns[] | SavedRows {
  const whole = parseJson(text);
  if (whole !== undefined) return columnsOf(listOf(whole));
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const values = lines.map(parseJson);
  // `[MySQL][ODBC Driver] Host '192.0.2.7' …` begins like JSON too.
  if (!isRow(values[0])) return OTHER;
  const broken = values.indexOf(undefined);
  return broken < 0
    ? columnsOf(values)
    : fault(`line ${broken + 1}: expected a JSON object, got "${shorten(lines[broken] ?? '')}"`);
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const rows = isObject(value) && !isRow(value) ? value['rows'] : undefined;
  return Array.isArray(rows) ? rows : [value];
}

function columnsOf(values: readonly unknown[]): readonly Columns[] | SavedRows {
  const rows = values.filter(isRow);
  if (rows.length === 0 && values.length > 0) return OTHER;
  const stranger = values.findIndex((value) => !isRow(value));
  if (stranger >= 0) return fault(`row ${stranger + 1}: expected an object with the column IP`);
  return rows.map(
    (row) => new Map(Object.entries(row).map(([name, value]) => [name.toUpperCase(), value])),
  );
}

/** `*** 1. row ***`, then `COLUMN: value` a line; whatever the client says around them is passed over. */
function rowsOfText(text: string): readonly Columns[] | SavedRows {
  const rows: Map<string, unknown>[] = [];
  let row: Map<string, unknown> | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*\*+ *\d+\. row *\*+\s*$/i.test(line)) {
      row = null;
      continue;
    }
    const { name, value = '' } = /^\s*(?<name>\w+):(?: (?<value>.*))?$/.exec(line)?.groups ?? {};
    const column = name?.toUpperCase() ?? '';
    if (!isColumn(column)) continue;
    // Without the line of asterisks, a column that comes again begins the next row.
    if (row === null || row.has(column)) {
      row = new Map();
      rows.push(row);
    }
    row.set(column, value.trim() === 'NULL' ? null : value.trim());
  }
  return rows.some((each) => each.has('IP')) ? rows : OTHER;
}

function isColumn(name: string): boolean {
  return /^(?:IP|HOST|HOST_VALIDATED|SUM_CONNECT_ERRORS|COUNT_\w+|(?:FIRST|LAST)(?:_ERROR)?_SEEN)$/.test(
    name,
  );
}

/** The entry, or what was expected of the row. */
function toEntry(columns: Columns): HostCacheEntry | string {
  const ip = columns.get('IP');
  const address = typeof ip === 'string' ? parseAddress(ip) : null;
  if (address === null) return `IP: expected an address, got ${quoted(ip)}`;
  const counted = [...columns].filter(([name]) => /^(?:SUM|COUNT)_/.test(name));
  const counters = new Map(counted.map(([name, value]) => [name, toCount(value)]));
  const wrong = counted.find(([name]) => counters.get(name) === null);
  if (wrong !== undefined) return `${wrong[0]}: expected a number, got ${quoted(wrong[1])}`;
  const counts = [...counters].map(([name, count]) => [name, count ?? 0] as const);
  const host = columns.get('HOST') ?? null;
  return {
    address: address.text,
    host: host === null ? null : String(host),
    validated: String(columns.get('HOST_VALIDATED')).toUpperCase() === 'YES',
    connectErrors: counters.get('SUM_CONNECT_ERRORS') ?? 0,
    counters: Object.fromEntries(counts.filter(([name]) => name.startsWith('COUNT_'))),
    firstSeenAt: toDate(columns.get('FIRST_SEEN')),
    lastSeenAt: toDate(columns.get('LAST_SEEN')),
    firstErrorAt: toDate(columns.get('FIRST_ERROR_SEEN')),
    lastErrorAt: toDate(columns.get('LAST_ERROR_SEEN')),
  };
}

/** null: no whole number. */
function toCount(value: unknown): number | null {
  if (value === null) return 0;
  const isCount = /^\d+$/.test(String(value)) && ['number', 'string'].includes(typeof value);
  return isCount ? Number(value) : null;
}

/** Only with its zone: clients show times in that of their session, and do not say which. */
function toDate(value: unknown): Date | null {
  if (typeof value !== 'string' || !/(?:Z|[+-]\d\d:?\d\d)$/.test(value)) return null;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? null : at;
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRow(value: unknown): value is JsonObject {
  return isObject(value) && Object.keys(value).some((name) => name.toUpperCase() === 'IP');
}

/** undefined: no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fault(says: string): SavedRows {
  return { kind: 'fault', says: `Saved host cache, ${says}.` };
}

function quoted(value: unknown): string {
  return value === undefined ? 'nothing' : `"${shorten(String(value))}"`;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
