/** One row of mysql.user: the columns that a login depends on before the password. */
export interface Account {
  readonly user: string;
  /** The host pattern: an address, a name, wildcards, a netmask; empty matches every client. */
  readonly host: string;
  /** MariaDB keeps roles apart from accounts; in MySQL a role is a row like any other. */
  readonly isRole: boolean;
  /** null: the server does not show it. */
  readonly locked: boolean | null;
  /** null: the server does not show it. */
  readonly plugin: string | null;
  /** ssl_type: '' = TLS is not required; null: the server does not show it. */
  readonly tls: string | null;
  /** MySQL: the password has expired; null: the server does not show it. */
  readonly expired: boolean | null;
  /** When the account was made, or its password last changed; null: the server does not show it. */
  readonly changedAt: Date | null;
}

/** As CREATE USER makes it: not locked, without a demand for TLS. */
export function newAccount(place: Pick<Account, 'user' | 'host'>): Account {
  const unset = { isRole: false, locked: false, tls: '', expired: false, changedAt: null };
  return { ...place, plugin: null, ...unset };
}

/** `'jdoe'@'merp.example.com'`: CURRENT_USER() with its quotes; for reading, not for SQL. */
export function accountName(account: Pick<Account, 'user' | 'host'>): string {
  return `'${account.user}'@'${account.host}'`;
}

/** The account as SQL literals, safe to copy into a statement. */
export function accountLiteral(account: Pick<Account, 'user' | 'host'>): string {
  return `${literal(account.user)}@${literal(account.host)}`;
}

/** An SQL identifier in backticks. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** An SQL string literal, on one line: a login name can contain a line break, which ends a comment. */
export function literal(text: string): string {
  return `'${ESCAPES.reduce((escaped, [from, to]) => escaped.replaceAll(from, to), text)}'`;
}

/** The backslash first. */
const ESCAPES: readonly (readonly [from: string, to: string])[] = [
  ['\\', '\\\\'],
  ["'", "''"],
  ['\0', '\\0'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\u001a', '\\Z'],
];
