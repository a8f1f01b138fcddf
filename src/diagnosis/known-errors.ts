import { type ManualPage, manualUrl } from '../hostcache/manual.ts';
import type { Mention } from '../pasted/mentions.ts';
import type { Topic } from '../pasted/wording.ts';
import { type Finding, MANUAL_PAGES, type RuleId } from './rule.ts';

/** What the words or the number of an error mean, without any other fact. */

interface ErrorRow {
  /** The rule that would examine the cause. */
  readonly rule: RuleId;
  readonly title: string;
  readonly cause: string;
  readonly remedy: string;
  /** Without it: the page of the rule. */
  readonly manual?: ManualPage;
}

/** Errors in which a host or an account plays a part. */
const FINDINGS: Readonly<Record<Exclude<Topic, 'refused-by-proxy'>, ErrorRow>> = {
  broken: {
    rule: 'handshake-errors',
    title: 'The connection broke off before authentication ended',
    cause:
      'The client, or something between it and the server, ended the handshake. Each such error counts towards a block of its host (1129).',
    remedy: 'Check the network, TLS and driver versions of the client; run why with its address.',
  },
  'broken-or-later': {
    rule: 'handshake-errors',
    title: 'The connection broke off (2013)',
    cause:
      'The words fit two cases: the server closed the connection at its greeting, as it does to a blocked host (1129), or a session broke while a statement ran (a timeout, a restart, a proxy in between).',
    remedy:
      'If no statement had run, run why with the address of the client. Otherwise the host cache has no part in it.',
  },
  'no-method': {
    rule: 'handshake-errors',
    title: 'Client and server have no authentication method in common',
    cause:
      "The client does not know the account's authentication plugin, or that plugin requires TLS. The client ends the handshake, and each such error counts towards a block of its host (1129).",
    remedy:
      'Upgrade the driver, turn TLS on in the client, or move the account to a plugin that the client knows. A flush does nothing.',
    manual: 'pluggable-authentication',
  },
  tls: {
    rule: 'handshake-errors',
    title: 'TLS failed between client and server',
    cause:
      'The certificate, TLS version or cipher did not fit, and one side ended the handshake. Each such error counts towards a block of the host (1129).',
    remedy:
      "Give the client the CA that signed the server's certificate, and a current TLS version.",
    manual: 'using-encrypted-connections',
  },
  blocked: {
    rule: 'blocked-host',
    title: 'The host is blocked because of its connect errors (1129)',
    cause:
      'SUM_CONNECT_ERRORS reached max_connect_errors: that many handshakes were broken off. Wrong passwords do not count.',
    remedy:
      'Raise max_connect_errors above the count: this unblocks the host at once and loses no data. Then find what breaks the handshakes off. A flush also unblocks it, until the errors return.',
  },
  refused: {
    rule: 'no-matching-account',
    title: 'No account lets this host in (1130)',
    cause:
      'No account has a host pattern that matches. If the message shows an address, the server knew no name for it at that moment.',
    remedy:
      'Run why for this client. If an account for its name exists, the cause is the host cache or DNS; otherwise create an account.',
  },
  denied: {
    rule: 'wrong-password',
    title: 'Access was denied (1045)',
    cause:
      'No account matches this user from this host, or the password is wrong, or the account requires TLS, or an anonymous account comes first. The message does not show which.',
    remedy:
      'Run why with the address and the account name. A flush helps only if the cause is the host name.',
  },
  'database-denied': {
    rule: 'default-database',
    title: 'The database named at login is denied (1044)',
    cause:
      "The login succeeded, but the account has no grant on that database. The message names the account's host pattern, not the client.",
    remedy: "Grant the database, or correct it in the client's settings. A flush does nothing.",
  },
  'database-unknown': {
    rule: 'default-database',
    title: 'The database named at login does not exist (1049)',
    cause: 'The login succeeded. The host and the host cache are not involved.',
    remedy: "Create the database, or correct it in the client's settings. A flush does nothing.",
  },
  locked: {
    rule: 'account-locked',
    title: 'The account is locked',
    cause: 'ALTER USER locked it, or too many failed logins locked it for a time.',
    remedy: 'Find out why it was locked, then ALTER USER … ACCOUNT UNLOCK. A flush does nothing.',
  },
  limit: {
    rule: 'user-limits',
    title: "The account's connection limit is reached",
    cause: 'The limit is max_user_connections, or a limit per hour.',
    remedy: 'Raise the limit, or find the pool that leaks connections. A flush does nothing.',
  },
  'tls-required': {
    rule: 'tls-required',
    title: 'The server requires TLS, and the client did not use it',
    cause: 'require_secure_transport is on, or TLS failed between the two.',
    remedy: "Turn TLS on in the client, with the CA that signed the server's certificate.",
  },
  'proxy-user': {
    rule: 'proxy-user',
    title: 'A proxy login failed',
    cause: 'The PROXY privilege is missing, or the proxied account does not exist.',
    remedy: 'Check GRANT PROXY, and the proxied account.',
  },
  'plugin-missing': {
    rule: 'plugin-missing',
    title: "The account's authentication plugin is not loaded (1524)",
    cause: 'For example, MySQL 9 no longer has mysql_native_password.',
    remedy: 'Move the account to a plugin that this version has.',
  },
  full: {
    rule: 'too-many-connections',
    title: 'The server has no free connection (1040)',
    cause: 'max_connections are open. The host cache does not record this error.',
    remedy: 'Find who holds the connections, or raise max_connections. A flush does nothing.',
  },
  'no-answer': {
    rule: 'not-listening',
    title: 'The client did not reach the server',
    cause:
      "Nothing listens on that address, or a firewall blocks it. An address in the message is the server's, not the client's; the server never saw the connection.",
    remedy: 'Check the address, port, bind_address and firewalls. A flush does nothing.',
  },
  'no-socket': {
    rule: 'not-listening',
    title: 'The client found no server behind the Unix socket (2002)',
    cause:
      'The server does not run, or its socket has another path. The server never saw the connection.',
    remedy:
      "Start the server, or correct the socket's path in the client; 127.0.0.1 in place of localhost uses TCP. A flush does nothing.",
  },
  'server-name': {
    rule: 'not-listening',
    title: "The client found no address for the server's name",
    cause:
      "This is DNS on the client's side: it could not look the server up, and the server never saw the connection. The name in the message is the server's.",
    remedy: "Correct the name in the client's settings, or its DNS. A flush does nothing.",
  },
  'init-connect': {
    rule: 'init-connect',
    title: 'init_connect failed after login (1184)',
    cause: 'The statement in init_connect fails for this account.',
    remedy: 'Correct the init_connect variable.',
  },
  'no-name': {
    rule: 'null-host',
    title: 'The server found no usable name for this address',
    cause:
      'DNS gave no PTR record for it, or the name does not lead back to it. The server caches that (HOST is NULL), so accounts for host names never match until the cache is flushed.',
    remedy:
      'Fix DNS first: a PTR record, and an address record back. Then flush, or create an account for the address. Run why for this client.',
  },
  'lookup-failed': {
    rule: 'dns-failing',
    title: 'DNS did not answer when the server looked up this address',
    cause:
      'The failure was temporary: the server caches no name, and asks DNS again at the next connection.',
    remedy: 'Fix DNS on the database host. Do not flush. Run why for this client.',
  },
  'numeric-name': {
    rule: 'numeric-host-name',
    title: 'The PTR name begins like an address, so the server rejects it',
    cause: 'The server never matches accounts by a name that begins with digits and a dot.',
    remedy:
      'Give the address a PTR name that begins with a letter, or create an account for the address. A flush does nothing.',
  },
  'names-off': {
    rule: 'name-resolution-off',
    title: 'The server never looks up names (skip_name_resolve)',
    cause: 'Rows of the grant tables for host names are ignored, localhost excepted.',
    remedy:
      'Create accounts for addresses, or turn skip_name_resolve off and restart the server. A flush does nothing.',
  },
};

const WHERE_TO_LOOK: Readonly<Record<Mention['by'], readonly [string, string]>> = {
  proxysql: ['ProxySQL', 'Look in its table mysql_users and in its own log.'],
  'mysql-router': [
    'MySQL Router',
    "Look at max_connect_errors in Router's own configuration; restart Router, or let the client wait, to clear the count.",
  ],
  maxscale: ['MaxScale', 'Look at the service, its user accounts and the log of MaxScale.'],
  'rds-proxy': [
    'RDS Proxy',
    'Look at the secrets, the authentication and the TLS settings of the proxy in AWS.',
  ],
  'cloud-sql': [
    'The Cloud SQL Auth Proxy',
    'Look at the IAM roles, the credentials and the log of the proxy.',
  ],
  haproxy: [
    'HAProxy',
    'Look at the check of this backend: its user, its source address, and option mysql-check.',
  ],
  mysql: ['A proxy', 'Look in its log.'],
  client: ['A proxy', 'Look in its log.'],
};

/** The finding for a mention; null = hosts and accounts play no part in it. `text` is all that was pasted. */
export function findingOf({ topic, by }: Pick<Mention, 'topic' | 'by'>, text = ''): Finding | null {
  if (topic === null) return null;
  const row = topic === 'refused-by-proxy' ? proxyRow(by) : FINDINGS[topic];
  const { rule, title, cause, remedy, manual = MANUAL_PAGES[rule] } = row;
  const source = manualUrl(manual, /mariadb/i.test(text) ? { flavour: 'mariadb' } : {});
  return { rule, severity: 'blocking', title, cause, remedy, statements: [], source };
}

function proxyRow(by: Mention['by']): ErrorRow {
  const [name, where] = WHERE_TO_LOOK[by];
  return {
    rule: 'refused-by-proxy',
    title: `${name} refused the connection, not the MySQL server`,
    cause: `These are the words of ${by === 'mysql' || by === 'client' ? 'a proxy' : name}. The MySQL server may never have seen this client: it sees the proxy's address.`,
    remedy: `${where} If the MySQL server refuses the proxy, run why with the proxy's address.`,
  };
}
