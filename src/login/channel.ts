import ipaddr from 'ipaddr.js';
import { parseAddress } from '../hostcache/address.ts';
import { PASSWORD_KEPT } from '../hostcache/login-faults.ts';
import { labelOf, type MysqlLogin } from '../hostcache/mysql-login.ts';

/** How a login reaches its server, and whether a password may go that way. */

/**
 * `local`: a socket or a loopback address. `verified`: TLS, with the certificate and the host name
 * verified. `unverified`: TLS without one of the two. `plain`: no TLS.
 */
export type Channel = 'local' | 'verified' | 'unverified' | 'plain';

export function channelOf(login: MysqlLogin): Channel {
  if (login.socketPath !== undefined || isLocal(login.host)) return 'local';
  if (login.ssl === undefined) return 'plain';
  return verifies(login) ? 'verified' : 'unverified';
}

/** Whether the URL asks for TLS with a verified certificate and host name. */
export function verifies({ ssl }: MysqlLogin): boolean {
  if (ssl === undefined) return false;
  const { rejectUnauthorized, verifyIdentity } = verificationOf(ssl);
  return rejectUnauthorized && verifyIdentity;
}

/** Both are on unless the options turn them off. */
export function verificationOf(ssl: string | object) {
  const isOn = (name: string) => typeof ssl === 'string' || Reflect.get(ssl, name) !== false;
  return {
    rejectUnauthorized: isOn('rejectUnauthorized'),
    verifyIdentity: isOn('verifyIdentity'),
  };
}

/**
 * Whether Node has verified the server at the other end of this stream. A server can answer before
 * TLS is set up, so the URL alone does not tell.
 */
export function isVerifiedNow(login: MysqlLogin, stream: unknown): boolean {
  if (typeof stream !== 'object' || stream === null) return false;
  return verifies(login) && 'authorized' in stream && stream.authorized === true;
}

/** By its text: a name counts as remote, wherever it resolves, except `localhost`. */
function isLocal(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  // ipaddr.js would also read 0177.1, which other programs may read differently.
  return parseAddress(host) !== null && ipaddr.process(host).range() === 'loopback';
}

/** What is lacking: `loss` says what it leads to, and `next` is the next step. No full stops. */
export interface Lack {
  readonly says: string;
  readonly loss: string;
  readonly next: string;
}

const WITH_TLS = 'ssl=true, or ssl={"ca":"…"} with the CA certificate,';
/** The same advice for a login from the MySQL client's option files. */
const IN_FILE = 'ssl-mode=VERIFY_IDENTITY, with ssl-ca=FILE for the CA certificate,';
const REMOVE = 'remove "verifyIdentity":false and "rejectUnauthorized":false';

/** null = the channel is safe. */
export function lackOf(login: MysqlLogin): Lack | null {
  const inFile = login.isFromOptionFile ? `Add ${IN_FILE} to its option file` : null;
  switch (channelOf(login)) {
    case 'local':
    case 'verified':
      return null;
    case 'unverified':
      return {
        says: 'TLS without a verified certificate and host name',
        loss: 'another machine on the network path can read the traffic, and a login that needs the password itself is refused',
        next: inFile ?? `In its URL, ${REMOVE} from ssl`,
      };
    case 'plain':
      return {
        says: 'no TLS',
        loss:
          login.allowPublicKeyRetrieval === true
            ? 'anyone on the network path can read the traffic, and with allowPublicKeyRetrieval=true a false server can get the password'
            : 'anyone on the network path can read the traffic, and a login that needs the password itself is refused',
        next: inFile ?? `Add ${WITH_TLS} to its URL`,
      };
  }
}

/** The server asked for the password on a connection that may not carry it. */
export function createRefusal(login: MysqlLogin): Error {
  return Object.assign(new Error(whyKept(login)), { code: PASSWORD_KEPT });
}

function whyKept(login: MysqlLogin): string {
  const label = labelOf(login);
  if (login.isFromOptionFile === true) return whyKeptInFile(label, channelOf(login));
  switch (channelOf(login)) {
    case 'plain':
      return `${label} asks for the password without TLS, so it was not sent; add ${WITH_TLS} to its URL, or allowPublicKeyRetrieval=true to trust the key of whatever server answers there`;
    case 'unverified':
      return `${label} asks for the password over TLS that does not verify the server, so it was not sent; ${REMOVE} from ssl in its URL (ssl=true verifies both; allowPublicKeyRetrieval=true is only for connections without TLS)`;
    case 'verified':
      return `${label} asks for the password before TLS is set up, so it was not sent; check what answers there`;
    case 'local':
      return `${label} asks for the password in clear text (mysql_clear_password), so it was not sent; add ${WITH_TLS} to its URL, or use another plugin for this account`;
  }
}

function whyKeptInFile(label: string, channel: Channel): string {
  const kept = {
    plain: 'asks for the password without TLS',
    // TLS may also be missing, where it is optional.
    unverified: 'asks for the password without TLS that verifies the server',
    verified: 'asks for the password before TLS is set up',
    local: 'asks for the password in clear text (mysql_clear_password)',
  }[channel];
  const instead =
    channel === 'plain' || channel === 'unverified'
      ? `add ${IN_FILE} to its option file, or set MYSQL_URL with ssl=true, or with allowPublicKeyRetrieval=true to trust the key of whatever server answers there`
      : 'check what answers there';
  return `${label} ${kept}, so it was not sent; ${instead}`;
}
