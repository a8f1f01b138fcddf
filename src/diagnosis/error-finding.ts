import { type ManualPage, manualUrl } from '../hostcache/manual.ts';
import type { Finding, RuleId } from './rule.ts';

/** What an error number alone tells, by the rule that would look into it. */

interface ErrorRow {
  readonly rule: RuleId;
  readonly title: string;
  readonly cause: string;
  readonly remedy: string;
  readonly manual: ManualPage;
}

const BROKEN_HANDSHAKE: ErrorRow = {
  rule: 'handshake-errors',
  title: 'The connection broke off before authentication ended',
  cause:
    'The client, or something between it and the server, ended the handshake. Each such error counts towards a block of its host (1129).',
  remedy: 'Look at network, TLS and driver versions of the client; ask why with its address.',
  manual: 'blocked-host',
};

const NO_COMMON_WAY: ErrorRow = {
  rule: 'handshake-errors',
  title: 'Client and server agree on no way to authenticate',
  cause:
    "The client does not know the account's authentication plugin, or that plugin wants TLS. The client ends the handshake, and each such error counts towards a block of its host (1129).",
  remedy:
    'Upgrade the driver, turn TLS on in the client, or move the account to a plugin that the client knows. A flush does not cure it.',
  manual: 'pluggable-authentication',
};

const INIT_CONNECT: ErrorRow = {
  rule: 'init-connect',
  title: 'init_connect failed after login (1184)',
  cause: 'The statement in init_connect fails for this account.',
  remedy: 'Correct the init_connect variable.',
  manual: 'server-system-variables',
};

const REFUSED_LOGIN: ErrorRow = {
  rule: 'wrong-password',
  title: 'Access was denied (1045)',
  cause:
    'No account matches this user from this host, or the password is wrong, or the account asks for TLS, or an anonymous account stands in front. The message does not tell which.',
  remedy:
    'Ask why with the address and the account name; a flush helps only where the host name is what is wrong.',
  manual: 'problems-connecting',
};

const LOCKED: ErrorRow = {
  rule: 'account-locked',
  title: 'The account is locked',
  cause: 'It was locked by ALTER USER, or for a time after too many failed logins.',
  remedy: 'ALTER USER … ACCOUNT UNLOCK, once it is clear why it was locked. A flush does nothing.',
  manual: 'account-locking',
};

const LIMIT: ErrorRow = {
  rule: 'user-limits',
  title: "The account's connection limit is reached",
  cause: 'max_user_connections or a limit per hour stands in the way.',
  remedy: 'Raise the limit, or find the pool that leaks connections. A flush does nothing.',
  manual: 'user-resources',
};

const TLS: ErrorRow = {
  rule: 'tls-required',
  title: 'The server wants TLS, the client brought none',
  cause: 'require_secure_transport is on, or TLS failed between the two.',
  remedy: 'Turn TLS on in the client, with a CA that signed the certificate of the server.',
  manual: 'using-encrypted-connections',
};

const PROXY: ErrorRow = {
  rule: 'proxy-user',
  title: 'A proxy login failed',
  cause: 'The PROXY privilege is missing, or the proxied account does not exist.',
  remedy: 'Check GRANT PROXY, and the proxied account.',
  manual: 'proxy-users',
};

const ROWS: Readonly<Record<number, ErrorRow>> = {
  1129: {
    rule: 'blocked-host',
    title: 'The host is blocked because of its connect errors (1129)',
    cause:
      'SUM_CONNECT_ERRORS reached max_connect_errors: that many handshakes were broken off. Wrong passwords do not count.',
    remedy:
      'Raise max_connect_errors above the count: it unblocks at once and loses nothing. Then find what breaks the handshakes off. A flush unblocks too, until the errors return.',
    manual: 'blocked-host',
  },
  1130: {
    rule: 'no-matching-account',
    title: 'No account lets this host in (1130)',
    cause:
      'None has a host pattern that matches. A message that shows an address means that the server knew no name for it at that moment.',
    remedy:
      'Ask why with this client: if an account is meant for its name, the host cache or DNS is at fault; else create one.',
    manual: 'connection-access',
  },
  1045: REFUSED_LOGIN,
  1698: REFUSED_LOGIN,
  1044: {
    rule: 'default-database',
    title: 'The database named at login is denied (1044)',
    cause:
      "The login was right; the account has no grant on that database. The message names the account's host pattern, not the client.",
    remedy: "Grant the database, or correct it in the client's settings. A flush does nothing.",
    manual: 'problems-connecting',
  },
  1049: {
    rule: 'default-database',
    title: 'The database named at login does not exist (1049)',
    cause: 'The login was right. The host and the host cache play no part in it.',
    remedy: "Create the database, or correct it in the client's settings. A flush does nothing.",
    manual: 'problems-connecting',
  },
  1043: BROKEN_HANDSHAKE,
  1156: BROKEN_HANDSHAKE,
  1158: BROKEN_HANDSHAKE,
  1159: BROKEN_HANDSHAKE,
  1160: BROKEN_HANDSHAKE,
  1161: BROKEN_HANDSHAKE,
  2013: BROKEN_HANDSHAKE,
  2055: BROKEN_HANDSHAKE,
  1251: NO_COMMON_WAY,
  2049: NO_COMMON_WAY,
  2054: NO_COMMON_WAY,
  2059: NO_COMMON_WAY,
  2061: NO_COMMON_WAY,
  2026: {
    rule: 'handshake-errors',
    title: 'TLS failed between client and server (2026)',
    cause:
      'Certificate, version or cipher did not fit, and one of them ended the handshake. Each such error counts towards a block of the host (1129).',
    remedy:
      'Give the client the CA that signed the certificate of the server, and a TLS version of today.',
    manual: 'using-encrypted-connections',
  },
  3159: TLS,
  3118: LOCKED,
  3955: LOCKED,
  4150: LOCKED,
  4151: LOCKED,
  1203: LIMIT,
  1226: LIMIT,
  6126: PROXY,
  6127: PROXY,
  1524: {
    rule: 'plugin-missing',
    title: "The account's authentication plugin is not loaded (1524)",
    cause: 'mysql_native_password, for one, is gone in MySQL 9.',
    remedy: 'Move the account to a plugin that this version has.',
    manual: 'pluggable-authentication',
  },
  1040: {
    rule: 'too-many-connections',
    title: 'The server has no free connection (1040)',
    cause: 'max_connections are taken; this leaves no mark in the host cache.',
    remedy: 'Find who holds the connections, or raise max_connections. A flush does nothing.',
    manual: 'server-system-variables',
  },
  2003: {
    rule: 'not-listening',
    title: 'The client did not reach the server (2003)',
    cause:
      'Nothing listens on that address, or a firewall is between. The host named is the server, not the client; the server never saw it.',
    remedy: 'Check address, port, bind_address and firewalls. A flush does nothing.',
    manual: 'server-system-variables',
  },
};

/** The finding for one error; null = the number says nothing of hosts and accounts. `says` is its message. */
export function errorFinding(error: number, says = ''): Finding | null {
  const row = rowOf(error, says);
  if (row === null) return null;
  const { manual, ...told } = row;
  const source = manualUrl(manual, /mariadb/i.test(says) ? { flavour: 'mariadb' } : {});
  return { ...told, severity: 'blocking', statements: [], source };
}

function rowOf(error: number, says: string): ErrorRow | null {
  // These two numbers tell of a login and of a session that ran for hours; their words differ.
  if (error === 2013 && /during query/i.test(says)) return null;
  if (error === 1184) {
    if (/init_connect/i.test(says)) return INIT_CONNECT;
    return /user: 'unauthenticated'/i.test(says) ? BROKEN_HANDSHAKE : null;
  }
  return ROWS[error] ?? null;
}
