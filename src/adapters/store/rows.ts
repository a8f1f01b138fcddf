/** Records as rows: a field that ends in `At` is a date, its column milliseconds since 1970 in UTC. */

/** The row of a record. */
export type Row<T> = Dated<T, Date, number>;

export function toRow<T extends object>(record: T): Row<T> {
  const columns = Object.entries(record).map(([name, value]) => [
    name,
    value instanceof Date ? value.getTime() : value,
  ]);
  // Only dates have changed, as in the type.
  return Object.fromEntries(columns) as Row<T>;
}

/** The record of a row. */
export function fromRow<T extends object>(row: T): Dated<T, number, Date> {
  const fields = Object.entries(row).map(([name, value]) => [
    name,
    name.endsWith('At') && value !== null ? new Date(value) : value,
  ]);
  // Only columns that end in At have changed, as in the type.
  return Object.fromEntries(fields) as Dated<T, number, Date>;
}

/** The same fields, where those that end in `At` go from one type to the other; null stays. */
type Dated<T, From, To> = {
  [Key in keyof T]: Key extends `${string}At` ? To | Exclude<T[Key], From> : T[Key];
};
