import {
  failuresSince,
  isConnection,
  isLogin,
  LOGIN_ERRORS,
  type LoginFailure,
  type LoginReading,
} from './failures.ts';

/** Which logins fail at a rate that no typing error explains. Pure. */

/** As fail2ban counts by default: this many failures in this time. */
export const FAILING_TIMES = 5;
export const FAILING_MINUTES = 10;
const FAILING_MS = FAILING_MINUTES * 60_000;

/** The failed logins of a time that ends now. */
export interface FailingTime {
  readonly rows: readonly LoginFailure[];
  /** Whether it is so long that a login without a failure in it has stopped failing. */
  readonly isWhole: boolean;
}

/** A client, as the server writes it, and its failures. */
export interface FailingHost {
  readonly host: string;
  readonly rows: readonly LoginFailure[];
}

/** null = the server does not tell. `before` = null: there is nothing to compare with yet. */
export function failingTime(before: LoginReading | null, now: LoginReading): FailingTime | null {
  if (now.failures === null) return null;
  const { readAt } = now;
  // Failures of an unknown age are no rate.
  if (before === null || before.failures === null) return { rows: [], isWhole: false };
  const isWhole = readAt.getTime() - before.readAt.getTime() >= FAILING_MS;
  return { rows: failuresSince(before, now).filter(isOfClient), isWhole };
}

/** Clients that fail at the rate, or that share a login name that does. */
export function failingHosts(
  { rows }: FailingTime,
  readAt: Date,
  isFailing: (host: string) => boolean,
): readonly FailingHost[] {
  const hosts = groupedBy(rows, ({ host }) => host);
  // One failure on each of many clients is no login that keeps failing.
  const repeated = rows.filter(({ count }) => count > 1);
  const users = groupedBy(repeated, ({ user }) => user);
  const isRaised = (own: readonly LoginFailure[]) => isAtRate(own, readAt);
  const failing = new Set(
    Array.from(users).flatMap(([user, own]) => (isRaised(own) ? [user] : [])),
  );
  return Array.from(hosts).flatMap(([host, own]) => {
    const isNamed = own.some(({ user, count }) => count > 1 && failing.has(user));
    return host !== null && (isNamed || isRaised(own) || isFailing(host))
      ? [{ host, rows: own }]
      : [];
  });
}

/** Over a longer time, the same rate. */
function isAtRate(rows: readonly LoginFailure[], readAt: Date): boolean {
  const firsts = rows.flatMap(({ firstAt }) => firstAt?.getTime() ?? []);
  const overMs = firsts.length === 0 ? 0 : readAt.getTime() - Math.min(...firsts);
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  return count >= FAILING_TIMES * Math.max(1, overMs / FAILING_MS);
}

/** A login with a name that failed, each connection once, and not because of the server. */
function isOfClient(row: LoginFailure): boolean {
  const kind = LOGIN_ERRORS.get(row.error)?.kind;
  const isName = row.user !== null && row.host !== null;
  return isName && isLogin(row) && isConnection(row) && kind !== 'server';
}

function groupedBy(
  rows: readonly LoginFailure[],
  keyOf: (row: LoginFailure) => string | null,
): ReadonlyMap<string | null, readonly LoginFailure[]> {
  const groups = new Map<string | null, LoginFailure[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
