/** Records as JSON text that keeps their dates. */

/** Stands for a date; none of our records has a key of this name. */
interface DateMark {
  readonly $at: string;
}

/** Throws over a date that is none. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, plain) {
    // JSON.stringify has asked the date for its text already, so it is looked up where it came from.
    const given = this[key];
    return given instanceof Date ? { $at: given.toISOString() } : plain;
  });
}

/** What `toJson` was given: `T` is what the column's only writer puts in. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text, (_, value: unknown) => (isDateMark(value) ? new Date(value.$at) : value));
}

function isDateMark(value: unknown): value is DateMark {
  return (
    typeof value === 'object' && value !== null && '$at' in value && typeof value.$at === 'string'
  );
}
