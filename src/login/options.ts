import mysql, { type ConnectionOptions } from 'mysql2';
import type { MysqlLogin } from '../hostcache/mysql-login.ts';
import { verificationOf } from './channel.ts';
import { guardedPlugins } from './guard.ts';
import { openSocket } from './socket.ts';

/** What mysql2 hands in when it opens a connection. */
interface Opening {
  readonly config: { ssl: unknown };
}

/**
 * The options with which hostcache opens every MySQL connection. Made once for a server, because
 * mysql2 keeps TLS sessions and parsed certificates by its `ssl` object.
 */
export function driverOptions(login: MysqlLogin): ConnectionOptions {
  const { host, port, socketPath, user, password, database, ssl } = login;
  return {
    ...{ host, port, user, password },
    ...(socketPath !== undefined && { socketPath }),
    ...(database !== undefined && { database }),
    ...(ssl !== undefined && { ssl: { ...tlsOptions(ssl), ...verificationOf(ssl) } }),
    stream: ({ config }: Opening) =>
      openSocket(login, () => {
        config.ssl = false;
      }),
    authPlugins: { ...guardedPlugins(login) },
    // No server may ask for a file.
    flags: ['-LOCAL_FILES'],
    // Never abandon an attempt: the server counts an abandoned handshake against this host.
    connectTimeout: 0,
    // mysql2 makes room for 16,000 in each connection, which is 0.5 MB; hostcache prepares none.
    maxPreparedStatements: 1,
  };
}

function tlsOptions(ssl: string | object): object {
  // The class is exported, but its types are not.
  return typeof ssl === 'string' ? Reflect.get(mysql, 'ConnectionConfig').getSSLProfile(ssl) : ssl;
}
