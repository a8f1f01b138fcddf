/** One row of mysql.user, as far as a login looks at it before the password. */
export interface Account {
  readonly user: string;
  /** The host pattern: an address, a name, wildcards, a netmask; empty matches every client. */
  readonly host: string;
  /** MariaDB keeps roles apart from accounts; in MySQL a role is a row like any other. */
  readonly isRole: boolean;
  /** null: this server does not tell. */
  readonly locked: boolean | null;
  /** null: this server does not tell. */
  readonly plugin: string | null;
  /** ssl_type: '' where TLS is not asked for; null: this server does not tell. */
  readonly tls: string | null;
}

/** `'jdoe'@'merp.example.com'`: CURRENT_USER() with its quotes; for reading, not for SQL. */
export function accountName(account: Pick<Account, 'user' | 'host'>): string {
  return `'${account.user}'@'${account.host}'`;
}

/** The same as SQL literals, safe to copy into a statement. */
export function accountLiteral(account: Pick<Account, 'user' | 'host'>): string {
  return `${literal(account.user)}@${literal(account.host)}`;
}

/** A string literal of SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
