import { type FailureKind, LOGIN_ERRORS } from '../hostcache/failures.ts';

/** What each kind of failed login is called in a chart, where 20 characters fit. */
const KINDS: Readonly<Record<FailureKind, string>> = {
  host: 'host refused',
  // An account that does not exist for this host is denied too.
  password: 'access denied',
  locked: 'account locked',
  expired: 'password expired',
  limit: 'limit reached',
  tls: 'TLS required',
  plugin: 'login method refused',
  proxy: 'proxy user refused',
  database: 'database refused',
  'went-away': 'client went away',
  silent: 'client fell silent',
  handshake: 'broken handshake',
  server: 'server refused',
};

export function kindOfError(error: number): string {
  const kind = LOGIN_ERRORS.get(error)?.kind;
  return kind === undefined ? `error ${error}` : KINDS[kind];
}

/** `access denied (1045)`. */
export function sayError(error: number): string {
  return LOGIN_ERRORS.has(error) ? `${kindOfError(error)} (${error})` : `error ${error}`;
}
