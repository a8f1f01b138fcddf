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

export interface FailureQuestion {
  /** As the server writes them; absent or null = all. */
  readonly hosts?: readonly string[] | null;
  /** Only failures that happened at this time or later, on the server's clock. */
  readonly since?: Date | null;
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
  | 'database'
  | 'went-away'
  | 'silent'
  | 'handshake'
  | 'server';

/**
 * The errors that end a login, by number, from share/messages_to_clients.txt. Some can also be raised in a
 * session: `inSession`. Then a row with a login name does not prove that a login failed.
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
]);

/** Whether it proves that a login failed, not that a session had an error. */
export function isLogin({ user, error }: LoginFailure): boolean {
  return user === null || LOGIN_ERRORS.get(error)?.inSession !== true;
}
