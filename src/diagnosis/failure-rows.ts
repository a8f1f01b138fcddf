import type { LoginFailure } from '../hostcache/failures.ts';

/** The failed logins of one client, one row for each login name and error. */

/** A client may have rows by its address and by its name. Rows without a host are of all clients. */
export function mergedRows(failures: readonly LoginFailure[]): readonly LoginFailure[] {
  const rows = new Map<string, LoginFailure>();
  for (const row of failures.filter(({ host }) => host !== null)) {
    const key = JSON.stringify([row.user, row.error]);
    const other = rows.get(key);
    rows.set(key, other === undefined ? row : joined(other, row));
  }
  return [...rows.values()];
}

export function rowOf(
  rows: readonly LoginFailure[],
  user: string | null,
  error: number,
): LoginFailure | null {
  return rows.find((row) => row.user === user && row.error === error) ?? null;
}

export function countOf(rows: readonly LoginFailure[], user: string | null, error: number): number {
  return rowOf(rows, user, error)?.count ?? 0;
}

function joined(one: LoginFailure, other: LoginFailure): LoginFailure {
  const times = (timeOf: (row: LoginFailure) => Date | null) =>
    [one, other].flatMap((row) => timeOf(row) ?? []).sort((a, b) => a.getTime() - b.getTime());
  return {
    ...one,
    count: one.count + other.count,
    firstAt: times(({ firstAt }) => firstAt)[0] ?? null,
    lastAt: times(({ lastAt }) => lastAt).at(-1) ?? null,
  };
}
