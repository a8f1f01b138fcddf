import { counter } from '../hostcache/entry.ts';
import {
  BESIDE_HANDSHAKE,
  HANDSHAKE_ERROR,
  isConnection,
  isLogin,
  LOGIN_ERRORS,
  type LoginFailure,
} from '../hostcache/failures.ts';
import type { Evidence } from './evidence.ts';

/** What the server's record of logins says of one client: who failed, and who did not. */

/** Older ones are counted in a gap. */
export const FAILURES_LISTED = 20;

/** Counters of host_cache for errors that a session can raise too, but never counts there. */
const COUNTED: ReadonlyMap<number, readonly string[]> = new Map([
  [1044, ['COUNT_DEFAULT_DATABASE_ERRORS']],
  [1049, ['COUNT_DEFAULT_DATABASE_ERRORS']],
  [1226, ['COUNT_MAX_USER_CONNECTIONS_ERRORS', 'COUNT_MAX_USER_CONNECTIONS_PER_HOUR_ERRORS']],
]);

/**
 * The failed logins from this client, newest first; null = not known. Errors with a login name that
 * are known to be those of a session are left out.
 */
export function failedLogins(evidence: Evidence): readonly LoginFailure[] | null {
  if (!evidence.failures.known) return null;
  const rows = evidence.failures.value.filter(({ host }) => host !== null);
  return rows
    .filter((row) => isLogin(row) || mayBeLogin(row, rows, evidence))
    .sort((a, b) => timeOf(b) - timeOf(a));
}

/** Those of the user who was asked about, if one was: others have reasons of their own. */
export function askedFailures(evidence: Evidence): readonly LoginFailure[] {
  const rows = failedLogins(evidence) ?? [];
  return rows.filter(({ user }) => evidence.user === null || user === evidence.user);
}

/** What the server counts for no host: 1129 and 1130 of all clients together; null = none, or not known. */
export function failuresOfAll(evidence: Evidence, error: number): LoginFailure | null {
  const rows = evidence.failures.known ? evidence.failures.value : [];
  return rows.find((row) => row.host === null && row.error === error) ?? null;
}

/** A login name that connects from this client, and how often it certainly succeeded. */
export interface GoodLogin {
  readonly user: string;
  readonly times: number;
}

/** Who certainly logged in from this client since the server started, most often first; null = not known. */
export function goodLogins(evidence: Evidence): readonly GoodLogin[] | null {
  const failures = failedLogins(evidence);
  if (!evidence.logins.known || failures === null) return null;
  const times = new Map<string, number>();
  for (const { user, connections } of evidence.logins.value.counts) {
    if (user !== null) times.set(user, (times.get(user) ?? 0) + connections);
  }
  for (const { user, count } of failures.filter(isConnection)) {
    if (user !== null) times.set(user, (times.get(user) ?? 0) - count);
  }
  return Array.from(times, ([user, good]) => ({ user, times: good }))
    .filter((login) => login.times > 0)
    .sort((a, b) => b.times - a.times);
}

export function sumOf(rows: readonly LoginFailure[], ...errors: readonly number[]): number {
  const counted = rows.filter(({ error }) => errors.includes(error));
  return counted.reduce((sum, { count }) => sum + count, 0);
}

/** When the last of them happened; null = not known. */
export function lastOf(rows: readonly LoginFailure[]): Date | null {
  return rows.reduce<Date | null>(
    (last, { lastAt }) => (lastAt !== null && (last === null || lastAt > last) ? lastAt : last),
    null,
  );
}

/** When the first of them happened; null = not known. */
export function firstOf(rows: readonly LoginFailure[]): Date | null {
  return rows.reduce<Date | null>(
    (first, { firstAt }) =>
      firstAt !== null && (first === null || firstAt < first) ? firstAt : first,
    null,
  );
}

/** Of an error that a session can raise too. */
function mayBeLogin(row: LoginFailure, rows: readonly LoginFailure[], evidence: Evidence): boolean {
  if (!LOGIN_ERRORS.has(row.error)) return false;
  if (!BESIDE_HANDSHAKE.includes(row.error)) return !isOfSession(row, evidence);
  // If these are more than the broken handshakes, some are of sessions, and nobody knows how many.
  const same = rows.filter(({ user, host }) => user === row.user && host === row.host);
  return sumOf(same, ...BESIDE_HANDSHAKE) <= sumOf(same, HANDSHAKE_ERROR);
}

/** The entry is as old as the error, and did not count it: no login can have ended with it. */
function isOfSession({ error, firstAt }: LoginFailure, { entry }: Evidence): boolean {
  const columns = COUNTED.get(error);
  const cached = entry.known ? entry.value : null;
  if (columns === undefined || cached === null || firstAt === null) return false;
  const isOld = cached.firstSeenAt !== null && cached.firstSeenAt <= firstAt;
  return isOld && columns.every((column) => counter(cached, column) === 0);
}

function timeOf({ lastAt }: LoginFailure): number {
  return lastAt?.getTime() ?? 0;
}
