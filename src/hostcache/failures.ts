/** The server's own record of logins by account: who connected, and who failed, from where. */

/** One row of events_errors_summary_by_account_by_error. Its counts begin when the server starts. */
export interface LoginFailure {
  /** As a stranger typed it; null = the connection ended before a name came. */
  readonly user: string | null;
  /** The address or name, as the server knows the client; null = counted for no host (1129, 1130). */
  readonly host: string | null;
  /** The error's number. */
  readonly error: number;
  readonly count: number;
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
}

/** One row of performance_schema.accounts: a login name and a host. */
export interface LoginCount {
  /** As a stranger typed it; null = connections that ended before a name came. */
  readonly user: string | null;
  readonly host: string;
  /** Since the server started. MySQL counts failed logins too, MariaDB only others. */
  readonly connections: number;
  /** Open now. */
  readonly open: number;
}

export interface LoginCounts {
  readonly counts: readonly LoginCount[];
  /** Accounts and hosts for which the server had no room: rows are missing; 0 = none. */
  readonly lost: number;
}

/** What an error says of a login. */
export type FailureKind =
  | 'host'
  | 'password'
  | 'locked'
  | 'expired'
  | 'limit'
  | 'tls'
  | 'plugin'
  | 'proxy'
  | 'database'
  | 'went-away'
  | 'silent'
  | 'handshake'
  | 'server';

/**
 * The errors that end a login, by number, from share/messages_to_clients.txt. Some can also be raised in a
 * session: `inSession`. Then a row with a login name does not prove that a login failed. 1160 and 1161 are
 * not here: the server raises them beside the error that ended the login, when it cannot send that one.
 */
export const LOGIN_ERRORS: ReadonlyMap<
  number,
  { readonly kind: FailureKind; readonly inSession?: true }
> = new Map([
  [1040, { kind: 'server' }],
  [1043, { kind: 'handshake' }],
  [1044, { kind: 'database', inSession: true }],
  [1045, { kind: 'password' }],
  [1049, { kind: 'database', inSession: true }],
  [1053, { kind: 'server', inSession: true }],
  [1129, { kind: 'host' }],
  [1130, { kind: 'host' }],
  [1156, { kind: 'handshake', inSession: true }],
  [1158, { kind: 'went-away', inSession: true }],
  [1159, { kind: 'silent', inSession: true }],
  [1184, { kind: 'server' }],
  [1203, { kind: 'limit' }],
  [1226, { kind: 'limit', inSession: true }],
  [1251, { kind: 'plugin' }],
  [1524, { kind: 'plugin' }],
  [1698, { kind: 'password' }],
  [1835, { kind: 'handshake', inSession: true }],
  [1862, { kind: 'expired' }],
  [3032, { kind: 'server', inSession: true }],
  [3118, { kind: 'locked' }],
  [3159, { kind: 'tls' }],
  [3955, { kind: 'locked' }],
  [6126, { kind: 'proxy' }],
  [6127, { kind: 'proxy' }],
]);

/** Whether it proves that a login failed, not that a session had an error. */
export function isLogin({ user, error }: LoginFailure): boolean {
  return user === null || LOGIN_ERRORS.get(error)?.inSession !== true;
}

/** A broken handshake. */
export const HANDSHAKE_ERROR = 1043;

/** Errors of a broken handshake. The server raises each beside a 1043, so only 1043 counts connections. */
export const BESIDE_HANDSHAKE: readonly number[] = [1156, 1158, 1159, 1251, 1835];

/** Whether each of the row's errors is one failed connection, counted in no other row. */
export function isConnection({ error }: Pick<LoginFailure, 'error'>): boolean {
  return !BESIDE_HANDSHAKE.includes(error);
}

/** The counters of one server at one moment. */
export interface LoginReading {
  readonly readAt: Date;
  /** When the server started, on its own clock: its counters begin there. */
  readonly startedAt: Date;
  /** null = the server does not tell. */
  readonly failures: readonly LoginFailure[] | null;
  readonly logins: readonly LoginCount[] | null;
  /** Accounts and hosts for which the server had no room; absent = none. */
  readonly lost?: number;
}

/** The server's start is its time less its uptime, in whole seconds. */
const SAME_START_MS = 2000;

/** Whether the counters of the second reading go on where those of the first ended. */
export function isSameRun(before: LoginReading, now: LoginReading): boolean {
  return isSameStart(before.startedAt, now.startedAt);
}

/** Whether two readings of a server's start mean the same one. */
export function isSameStart(before: Date, now: Date): boolean {
  return Math.abs(before.getTime() - now.getTime()) <= SAME_START_MS;
}

/**
 * The failures since an earlier reading, with their count since then; `firstAt` is the earliest time at
 * which the first of them can have happened. Without an earlier reading of this run of the server: all.
 */
export function failuresSince(
  before: LoginReading | null,
  now: LoginReading,
): readonly LoginFailure[] {
  const earlier = before !== null && isSameRun(before, now) ? before : null;
  const counts = new Map((earlier?.failures ?? []).map((row) => [keyOf(row), row]));
  return (now.failures ?? []).flatMap((row) => {
    const found = counts.get(keyOf(row));
    const known = found !== undefined && goesOn(found, row) ? found : undefined;
    const count = row.count - (known?.count ?? 0);
    if (count <= 0) return [];
    const firstAt = known === undefined ? row.firstAt : (earlier?.readAt ?? row.firstAt);
    return [{ ...row, count, firstAt }];
  });
}

/** False = somebody emptied the table in between, so the row counts from 0 again. */
function goesOn(before: LoginFailure, now: LoginFailure): boolean {
  const [firstMs, newMs] = [before.firstAt?.getTime() ?? 0, now.firstAt?.getTime() ?? 0];
  return before.count <= now.count && newMs <= firstMs;
}

/** The connections since an earlier reading, with their count since then. */
export function loginsSince(before: LoginReading | null, now: LoginReading): readonly LoginCount[] {
  const earlier = before !== null && isSameRun(before, now) ? before : null;
  const found = byPair(earlier?.logins ?? []);
  return (now.logins ?? []).flatMap((row) => {
    const connections = row.connections - (found(row)?.connections ?? 0);
    return connections <= 0 ? [] : [{ ...row, connections }];
  });
}

function keyOf({ user, host, error }: LoginFailure): string {
  return JSON.stringify([user, host, error]);
}

type Pair = Pick<LoginCount, 'user' | 'host'>;

/** Identifies a login name at a host. JSON of each pair would take several times as long. */
export function pairOf({ user, host }: Pair): string {
  return user === null ? host : `${user.length} ${user} ${host}`;
}

/** Finds the row of a login name at a host: tens of thousands, without a text for each pair. */
export function byPair<T extends Pair>(rows: readonly T[]): (pair: Pair) => T | undefined {
  const users = new Map<string | null, Map<string, T>>();
  for (const row of rows) {
    const hosts = users.get(row.user);
    if (hosts === undefined) users.set(row.user, new Map([[row.host, row]]));
    else hosts.set(row.host, row);
  }
  return ({ user, host }) => users.get(user)?.get(host);
}

/** Whether a counter went back: TRUNCATE of performance_schema.accounts. */
export function isReset(before: readonly LoginCount[], now: readonly LoginCount[]): boolean {
  const found = byPair(now);
  return before.some((row) => row.connections > (found(row)?.connections ?? 0));
}
