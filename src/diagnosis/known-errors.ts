import { type ManualPage, manualUrl } from '../hostcache/manual.ts';
import { type Finding, MANUAL_PAGES, type RuleId } from './rule.ts';

/** What the number of a MySQL error means, without any other fact. */

interface ErrorRow {
  readonly errors: readonly number[];
  /** The rule that would examine the cause. */
  readonly rule: RuleId;
  readonly title: string;
  readonly cause: string;
  readonly remedy: string;
  /** Without it: the page of the rule. */
  readonly manual?: ManualPage;
}

const BROKEN_HANDSHAKE: ErrorRow = {
  errors: [1043, 1156, 1158, 1159, 1160, 1161, 2013, 2055],
  rule: 'handshake-errors',
  title: 'The connection broke off before authentication ended',
  cause:
    'The client, or something between it and the server, ended the handshake. Each such error counts towards a block of its host (1129).',
  remedy: 'Check the network, TLS and driver versions of the client; run why with its address.',
};

const INIT_CONNECT: ErrorRow = {
  errors: [1184],
  rule: 'init-connect',
  title: 'init_connect failed after login (1184)',
  cause: 'The statement in init_connect fails for this account.',
  remedy: 'Correct the init_connect variable.',
};

/** Errors in which a host or an account plays a part. */
const FINDINGS: readonly ErrorRow[] = [
  BROKEN_HANDSHAKE,
  {
    errors: [1251, 2049, 2054, 2059, 2061],
    rule: 'handshake-errors',
    title: 'Client and server have no authentication method in common',
    cause:
      "The client does not know the account's authentication plugin, or that plugin requires TLS. The client ends the handshake, and each such error counts towards a block of its host (1129).",
    remedy:
      'Upgrade the driver, turn TLS on in the client, or move the account to a plugin that the client knows. A flush does nothing.',
    manual: 'pluggable-authentication',
  },
  {
    errors: [2026],
    rule: 'handshake-errors',
    title: 'TLS failed between client and server (2026)',
    cause:
      'The certificate, TLS version or cipher did not fit, and one side ended the handshake. Each such error counts towards a block of the host (1129).',
    remedy:
      "Give the client the CA that signed the server's certificate, and a current TLS version.",
    manual: 'using-encrypted-connections',
  },
  {
    errors: [1129],
    rule: 'blocked-host',
    title: 'The host is blocked because of its connect errors (1129)',
    cause:
      'SUM_CONNECT_ERRORS reached max_connect_errors: that many handshakes were broken off. Wrong passwords do not count.',
    remedy:
      'Raise max_connect_errors above the count: this unblocks the host at once and loses no data. Then find what breaks the handshakes off. A flush also unblocks it, until the errors return.',
  },
  {
    errors: [1130],
    rule: 'no-matching-account',
    title: 'No account lets this host in (1130)',
    cause:
      'No account has a host pattern that matches. If the message shows an address, the server knew no name for it at that moment.',
    remedy:
      'Run why for this client. If an account for its name exists, the cause is the host cache or DNS; otherwise create an account.',
  },
  {
    errors: [1045, 1698],
    rule: 'wrong-password',
    title: 'Access was denied (1045)',
    cause:
      'No account matches this user from this host, or the password is wrong, or the account requires TLS, or an anonymous account comes first. The message does not show which.',
    remedy:
      'Run why with the address and the account name. A flush helps only if the cause is the host name.',
  },
  {
    errors: [1044],
    rule: 'default-database',
    title: 'The database named at login is denied (1044)',
    cause:
      "The login succeeded, but the account has no grant on that database. The message names the account's host pattern, not the client.",
    remedy: "Grant the database, or correct it in the client's settings. A flush does nothing.",
  },
  {
    errors: [1049],
    rule: 'default-database',
    title: 'The database named at login does not exist (1049)',
    cause: 'The login succeeded. The host and the host cache are not involved.',
    remedy: "Create the database, or correct it in the client's settings. A flush does nothing.",
  },
  {
    errors: [3118, 3955, 4150, 4151],
    rule: 'account-locked',
    title: 'The account is locked',
    cause: 'ALTER USER locked it, or too many failed logins locked it for a time.',
    remedy: 'Find out why it was locked, then ALTER USER … ACCOUNT UNLOCK. A flush does nothing.',
  },
  {
    errors: [1203, 1226],
    rule: 'user-limits',
    title: "The account's connection limit is reached",
    cause: 'The limit is max_user_connections, or a limit per hour.',
    remedy: 'Raise the limit, or find the pool that leaks connections. A flush does nothing.',
  },
  {
    errors: [3159],
    rule: 'tls-required',
    title: 'The server requires TLS, and the client did not use it',
    cause: 'require_secure_transport is on, or TLS failed between the two.',
    remedy: "Turn TLS on in the client, with the CA that signed the server's certificate.",
  },
  {
    errors: [6126, 6127],
    rule: 'proxy-user',
    title: 'A proxy login failed',
    cause: 'The PROXY privilege is missing, or the proxied account does not exist.',
    remedy: 'Check GRANT PROXY, and the proxied account.',
  },
  {
    errors: [1524],
    rule: 'plugin-missing',
    title: "The account's authentication plugin is not loaded (1524)",
    cause: 'For example, MySQL 9 no longer has mysql_native_password.',
    remedy: 'Move the account to a plugin that this version has.',
  },
  {
    errors: [1040],
    rule: 'too-many-connections',
    title: 'The server has no free connection (1040)',
    cause: 'max_connections are open. The host cache does not record this error.',
    remedy: 'Find who holds the connections, or raise max_connections. A flush does nothing.',
  },
  {
    errors: [2003],
    rule: 'not-listening',
    title: 'The client did not reach the server (2003)',
    cause:
      'Nothing listens on that address, or a firewall blocks it. The message names the server, not the client, and the server never saw the connection.',
    remedy: 'Check the address, port, bind_address and firewalls. A flush does nothing.',
  },
];

/** The finding for an error; null = hosts and accounts play no part in it. `message` is its text. */
export function errorFinding(error: number, message = ''): Finding | null {
  const row = rowOf(error, message);
  if (row === null) return null;
  const { rule, title, cause, remedy, manual = MANUAL_PAGES[rule] } = row;
  const source = manualUrl(manual, /mariadb/i.test(message) ? { flavour: 'mariadb' } : {});
  return { rule, severity: 'blocking', title, cause, remedy, statements: [], source };
}

function rowOf(error: number, message: string): ErrorRow | null {
  // 2013 and 1184 occur at login and hours into a session; only the message tells which.
  if (error === 2013 && /during query/i.test(message)) return null;
  if (error === 1184) {
    if (/init_connect/i.test(message)) return INIT_CONNECT;
    return /user: 'unauthenticated'/i.test(message) ? BROKEN_HANDSHAKE : null;
  }
  return FINDINGS.find(({ errors }) => errors.includes(error)) ?? null;
}

/** Errors in which neither the host, the account nor the cache plays a part: one clause each. */
export const OTHER_ERRORS: Readonly<Record<number, string>> = {
  1042: 'the server could not read the address of the connection from its socket; despite its text, no name was looked up',
  1053: 'the server is shutting down',
  1115: 'the client asks for a character set that the server does not know; driver and server differ in age',
  1152: 'an open session ended without a proper close',
  1184: 'an open session ended without a proper close: a timeout, a packet that was too large, a client that crashed',
  1193: 'the client sets a variable that this server does not have; driver and server differ in age',
  1205: 'a statement waited too long for a lock, long after login',
  1213: 'a statement met a deadlock, long after login',
  1227: 'the account lacks a privilege for the statement',
  1231: 'the client sets a variable to a value that this server does not accept; driver and server differ in age',
  1273: 'the client asks for a collation that the server does not know; driver and server differ in age',
  1317: 'a statement was interrupted, by KILL or a time limit',
  1820: 'the login succeeded, and the password has expired: set a new one with ALTER USER',
  1862: 'the password of the account has expired, and the client cannot change it: set a new one with ALTER USER',
  1927: 'the session was ended by KILL or a time limit',
  2000: 'the client met an unknown error',
  2002: 'the client found no server behind the Unix socket or the address that it was given: check that the server runs and that the path is right. The server never saw the connection',
  2004: 'the client could not open a TCP socket of its own',
  2005: "the client could not find an address for the server's name: this is DNS on the client's side, and the server never saw the connection",
  2006: 'the connection was gone when the client used it: a timeout, a restart of the server, a packet that was too large',
  2007: 'client and server speak different versions of the protocol',
  2012: "the client did not understand the server's first packet",
  2013: 'the connection broke while a statement ran, long after login: a timeout, a restart of the server, a proxy in between',
  2014: 'the client sent its commands in the wrong order',
  2020: 'a packet was larger than the max_allowed_packet of the client',
  2027: 'the client did not understand a packet; often the other side is not a MySQL server, or a proxy is in between',
  3024: 'a statement took longer than max_execution_time',
  3032: 'the server is in offline mode: it admits only accounts with CONNECTION_ADMIN or SUPER',
  3968: "the PTR name of the client's address is longer than 255 characters: shorten it in DNS",
  4031: 'the server ended a session that had been idle for too long (wait_timeout)',
  9001: "ProxySQL reached no server of the hostgroup in time: run why with ProxySQL's address",
};
