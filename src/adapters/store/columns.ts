import type { KyselyPlugin } from 'kysely';

/** What records hold, as columns hold it: times as numbers, lists and objects as JSON text. */

/** Milliseconds since 1970 for a date, JSON for a list or an object. */
export function toColumn(value: unknown): string | number | null {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'object') return toJson(value);
  // libsql ends the whole process over a boolean.
  throw new TypeError(`no column holds ${typeof value}`);
}

/** Gives back what `toColumn` was given, by the column's name: `…At` and `…Until` are times, `…Json` is JSON. */
export const COLUMNS_TO_RECORDS: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => ({ ...result, rows: result.rows.map(toRecord) }),
};

function toRecord(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = Object.entries(row).map(([name, value]) => [name, fromColumn(name, value)]);
  return Object.fromEntries(fields);
}

function fromColumn(name: string, value: unknown): unknown {
  if (typeof value === 'number' && /(At|Until)$/.test(name)) return new Date(value);
  return typeof value === 'string' && name.endsWith('Json') ? fromJson(value) : value;
}

/** Stands for a date; none of our records has a key of this name. */
interface DateMark {
  readonly $at: string;
}

/** Throws over a date that is none. */
function toJson(value: object): string {
  return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, plain) {
    // JSON.stringify has asked the date for its text already, so it is looked up where it came from.
    const given = this[key];
    return given instanceof Date ? { $at: given.toISOString() } : plain;
  });
}

function fromJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => (isDateMark(value) ? new Date(value.$at) : value));
}

function isDateMark(value: unknown): value is DateMark {
  return (
    typeof value === 'object' && value !== null && '$at' in value && typeof value.$at === 'string'
  );
}
