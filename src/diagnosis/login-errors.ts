import { visible } from '../chat/steering.ts';
import type { FailureKind } from '../hostcache/failures.ts';
import { LOGIN_ERRORS } from '../hostcache/failures.ts';

/** The errors of a failed login in words: what happened, and what to do about it. */

const WORDS: Readonly<Record<number, string>> = {
  1040: 'no free connection',
  1043: 'the handshake broke off',
  1044: 'no right to the database',
  1045: 'access denied',
  1049: 'no such database',
  1053: 'the server was shutting down',
  1156: 'packets that are not of the MySQL protocol',
  1158: 'the client went away during the login',
  1159: 'the client fell silent during the login',
  1184: 'init_connect failed',
  1203: 'max_user_connections reached',
  1226: "the account's limit reached",
  1251: 'the client is too old for the account',
  1524: 'the plugin of the account is not loaded',
  1698: 'access denied',
  1835: 'a malformed packet',
  1862: 'the password has expired',
  3032: 'the server was offline',
  3118: 'the account is locked',
  3159: 'no TLS, which the server requires',
  3955: 'the account is locked after failed logins',
  6126: 'the proxy privilege is missing',
  6127: 'the proxied account does not exist',
};

const REMEDIES: Readonly<Record<FailureKind, string>> = {
  host: 'Run why for the client.',
  password:
    'Correct the password in that client. An account that does not exist for this host and missing TLS are denied too: why with "as <account name>" says which.',
  locked: 'Find out why the account was locked, then ALTER USER … ACCOUNT UNLOCK.',
  expired: 'Set a new password.',
  limit: 'Raise the limit of the account, or find the pool that leaks connections.',
  tls: 'Turn TLS on in that client.',
  plugin: 'Update the driver, or move the account to a plugin that client and server both have.',
  proxy: 'GRANT PROXY on an account that exists to the account that logs in.',
  database: 'Correct the database in the settings of that client, or grant it.',
  'went-away': 'Look for a timeout or a refused certificate in that client.',
  silent: 'Look for an overloaded client, or a firewall between the two.',
  handshake: 'Check TLS and the driver of that client.',
  server: "Check the server's error log.",
};

/** `access denied (1045)`. */
export function sayError(error: number): string {
  const words = WORDS[error];
  return words === undefined ? `error ${error}` : `${words} (${error})`;
}

/** A stranger typed it, so whatever is not a plain name stands in quotes, on one line. */
export function sayUser(user: string | null): string {
  if (user === null) return 'a login without a name';
  return /^[\w.$-]+$/.test(user) ? user : `'${visible(user)}'`;
}

/** What to do about these errors, each remedy once. */
export function remediesOf(errors: readonly number[]): string {
  const kinds = new Set(errors.flatMap((error) => LOGIN_ERRORS.get(error)?.kind ?? []));
  return Array.from(kinds, (kind) => REMEDIES[kind]).join(' ');
}
