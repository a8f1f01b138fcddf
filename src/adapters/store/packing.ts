import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';

/**
 * Thousands of small records as one text: JSON, deflated, in base64. Each list of records is stored as
 * a list per field, because values of one field side by side take the least room; each text is stored
 * once, and a time as seconds since the first that it can be.
 */

export type Scalar = string | number | null;

const deflated = promisify(deflateRaw);

/** Deflates in a thread of its own. */
export async function deflate(value: object): Promise<string> {
  return (await deflated(JSON.stringify(value), { level: 9 })).toString('base64');
}

/** Reverses `deflate`. Another thread would take longer: to inflate costs less than to parse. */
export function inflate(packed: string): unknown {
  return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString());
}

/** The fields of records side by side; reversed by `rowsOf`. */
export function columnsOf(rows: readonly (readonly Scalar[])[]): readonly (readonly Scalar[])[] {
  return (rows[0] ?? []).map((_, field) => rows.map((row) => row[field] ?? null));
}

export function rowsOf(columns: readonly (readonly Scalar[])[]): readonly (readonly Scalar[])[] {
  return (columns[0] ?? []).map((_, at) => columns.map((column) => column[at] ?? null));
}

/** Texts by their position; null is -1. */
export function textsOf(known: readonly string[] = []) {
  const all = [...known];
  const positions = new Map<string, number>();
  const find = (position: Scalar | undefined) => all[Number(position)] ?? null;
  return {
    all,
    put: (text: string | null): number => {
      if (text === null) return -1;
      const found = positions.get(text) ?? all.push(text) - 1;
      positions.set(text, found);
      return found;
    },
    find,
    at: (position: Scalar | undefined) => find(position) ?? '',
  };
}

export interface Times {
  put(at: Date | null): number | null;
  /** null is the first moment. */
  at(seconds: Scalar | undefined): Date;
  find(seconds: Scalar | undefined): Date | null;
}

export function timesFrom(first: Date): Times {
  const at = (seconds: Scalar | undefined) =>
    new Date(first.getTime() + Math.round(Number(seconds) * 1000));
  return {
    put: (time) => (time === null ? null : (time.getTime() - first.getTime()) / 1000),
    at,
    find: (seconds) => (typeof seconds === 'number' ? at(seconds) : null),
  };
}
