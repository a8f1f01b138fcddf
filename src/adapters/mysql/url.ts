import type { ConnectionOptions } from 'mysql2/promise';

/** What mysql2 needs of MYSQL_URL, and how a person calls the place. */
export interface Target {
  readonly options: ConnectionOptions;
  /** `bot@db.example.com:3306`; never the password. */
  readonly label: string;
}

/** Reads `mysql://user:password@host:3306?socketPath=…&ssl=…`, checked by the settings before. */
export function parseTarget(url: string): Target {
  const { username, password, hostname, port, searchParams } = new URL(url);
  const user = decodeURIComponent(username);
  const host = hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost';
  const socketPath = searchParams.get('socketPath');
  const ssl = searchParams.get('ssl');
  const place = socketPath === null ? { host, port: Number(port || 3306) } : { socketPath };
  return {
    options: {
      ...place,
      user,
      password: decodeURIComponent(password),
      ...(ssl === null || ssl === 'false' ? {} : { ssl: parseSsl(ssl) }),
    },
    label: `${user}@${socketPath ?? `${host}:${port || 3306}`}`,
  };
}

/** A profile's name, or an object in JSON, as mysql2 takes it. */
function parseSsl(text: string): NonNullable<ConnectionOptions['ssl']> {
  if (text === 'true') return {};
  return text.startsWith('{') ? JSON.parse(text) : text;
}
