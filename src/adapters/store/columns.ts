import type { KyselyPlugin } from 'kysely';

/** Converts between records and columns: times are numbers, lists and objects are JSON text. */

/** The columns that hold JSON. */
const JSON_COLUMNS: readonly string[] = [
  'acknowledged',
  'card',
  'content',
  'decision',
  'hosts',
  'matcher',
  'proofs',
  'shown',
];

/** Milliseconds since 1970 for a date, JSON for a list or an object. Throws for other types. */
export function toColumn(value: unknown): string | number | null {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'object') return toJson(value);
  // A boolean would make libsql end the whole process.
  throw new TypeError(`expected a value that a column can hold, got ${typeof value}`);
}

/** Reverses `toColumn`, by column name: `at`, `…At` and `…Until` are times. */
export const COLUMNS_TO_RECORDS: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => ({ ...result, rows: result.rows.map(toRecord) }),
};

function toRecord(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = Object.entries(row).map(([name, value]) => [name, fromColumn(name, value)]);
  return Object.fromEntries(fields);
}

function fromColumn(name: string, value: unknown): unknown {
  if (typeof value === 'number' && /(?:^at|At|Until)$/.test(name)) return new Date(value);
  return typeof value === 'string' && JSON_COLUMNS.includes(name) ? fromJson(value) : value;
}

/** A date in JSON. None of our records has a key with this name. */
interface DateMark {
  readonly $at: string;
}

/** Throws a RangeError if a date is invalid. */
function toJson(value: object): string {
  return JSON.stringify(withMarks(value));
}

/** A copy with marks for dates; a replacer takes three times as long for alerts with many hosts. */
function withMarks(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (value instanceof Date) return { $at: value.toISOString() } satisfies DateMark;
  if (Array.isArray(value)) return value.map(withMarks);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = withMarks(value[key]);
  return copy;
}

function fromJson(text: string): unknown {
  return withDates(JSON.parse(text));
}

/** Changes what was just parsed; a reviver takes three times as long. */
function withDates(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (typeof value['$at'] === 'string') return new Date(value['$at']);
  for (const key of Object.keys(value)) {
    const part = value[key];
    if (isObject(part)) value[key] = withDates(part);
  }
  return value;
}

/** Also an array, by its indexes. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
