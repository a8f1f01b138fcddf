/** Where a MySQL server is and who logs in there: what a `mysql://` URL says, as mysql2 takes it. */
export interface MysqlLogin {
  readonly host: string;
  readonly port: number;
  /** A Unix socket, used instead of host and port. */
  readonly socketPath?: string;
  readonly user: string;
  /** Empty: none. */
  readonly password: string;
  readonly database?: string;
  /** The name of a profile, or options of TLS; not given: no TLS. */
  readonly ssl?: string | object;
}

/** `bot@db.example.com:3306/hostcache`; never the password. */
export function labelOf({ user, host, port, socketPath, database }: MysqlLogin): string {
  const path = database === undefined ? '' : `/${database}`;
  return `${user}@${socketPath ?? `${host}:${port}`}${path}`;
}
