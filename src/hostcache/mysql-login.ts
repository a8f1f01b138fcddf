/** The parts of a `mysql://` URL, or of the MySQL client's option files. */
export interface MysqlLogin {
  readonly host: string;
  readonly port: number;
  /** A Unix socket, used instead of host and port. */
  readonly socketPath?: string;
  readonly user: string;
  /** Empty: no password. */
  readonly password: string;
  readonly database?: string;
  /** A profile name or TLS options; absent: no TLS. */
  readonly ssl?: string | object;
  /** Accept the RSA key of whatever server answers, without TLS. Absent: no. */
  readonly allowPublicKeyRetrieval?: true;
  /** Without TLS if the server offers none. Absent: `ssl` is required. */
  readonly isTlsOptional?: true;
  /** Absent: from a URL. */
  readonly isFromOptionFile?: true;
}

/** `bot@db.example.com:3306/hostcache`; never the password. */
export function labelOf({ user, host, port, socketPath, database }: MysqlLogin): string {
  const path = database === undefined ? '' : `/${database}`;
  return `${user}@${socketPath ?? `${host}:${port}`}${path}`;
}
