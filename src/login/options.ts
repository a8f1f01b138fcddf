// The options with which hostcache opens every MySQL connection. Opens sockets.
import { connect } from 'node:net';
import mysql, { type ConnectionOptions } from 'mysql2';
import { parseAddress } from '../hostcache/address.ts';
import type { MysqlLogin } from '../hostcache/mysql-login.ts';
import { verificationOf, verifies } from './channel.ts';
import { guardedPlugins } from './guard.ts';

const KEEP_ALIVE_MS = 10_000;

/** Made once for a server: mysql2 keeps TLS sessions and parsed certificates by its `ssl` object. */
export function driverOptions(login: MysqlLogin): ConnectionOptions {
  const { allowPublicKeyRetrieval: _, ssl, ...place } = login;
  return {
    ...place,
    ...(ssl !== undefined && { ssl: { ...tlsOptions(ssl), ...verificationOf(ssl) } }),
    ...(isVerifiedByAddress(login) && { stream: () => openByAddress(login) }),
    authPlugins: { ...guardedPlugins(login) },
    // No server may ask for a file.
    flags: ['-LOCAL_FILES'],
    // Never abandon an attempt: the server counts an abandoned handshake against this host.
    connectTimeout: 0,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  };
}

function tlsOptions(ssl: string | object): object {
  // The class is exported, but its types are not.
  return typeof ssl === 'string' ? Reflect.get(mysql, 'ConnectionConfig').getSSLProfile(ssl) : ssl;
}

function isVerifiedByAddress(login: MysqlLogin): boolean {
  return login.socketPath === undefined && verifies(login) && parseAddress(login.host) !== null;
}

/**
 * mysql2 gives Node no name to verify where the host is an address. Node then verifies the name
 * that the socket looked up, or else `localhost`. So the address is looked up, with a final dot,
 * which Node removes before it compares.
 */
function openByAddress({ host, port }: MysqlLogin) {
  return connect({
    host: `${host}.`,
    port,
    lookup: (_name, _options, done) => done(null, host, parseAddress(host)?.family),
    autoSelectFamily: false,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
}
