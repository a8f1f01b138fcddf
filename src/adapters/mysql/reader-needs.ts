import { type ReleaseSettings, releaseOf } from '../../hostcache/release.ts';
import type { Flavour } from '../../hostcache/settings.ts';

/** What the reading account needs, each with the question that proves it. Pure. */
export interface ReaderNeed {
  /** Behind `the reading account lacks`. */
  readonly what: string;
  /** What the bot cannot tell without it. */
  readonly loss: string;
  readonly isOptional: boolean;
  /** One of these answers where the grant is there. */
  readonly probes: readonly string[];
  /** What still goes well enough where this is lacking. */
  readonly instead?: { readonly probes: readonly string[]; readonly loss: string };
  /** Run in this order, by an administrator. */
  grant(account: string): readonly string[];
}

const PROCESS: ReaderNeed = {
  what: 'PROCESS',
  loss: 'connections of others, and so pending ones, cannot be seen',
  isOptional: false,
  // It is asked for there whatever the server does, and a transaction is not waited for.
  probes: ['SELECT trx_id FROM information_schema.innodb_trx LIMIT 1'],
  grant: (account) => [`GRANT PROCESS ON *.* TO ${account};`],
};

const CACHE: ReaderNeed = {
  what: 'SELECT on performance_schema.host_cache',
  loss: 'the host cache cannot be read at all',
  isOptional: false,
  probes: ['SELECT IP, HOST, SUM_CONNECT_ERRORS FROM performance_schema.host_cache LIMIT 1'],
  grant: (account) => [`GRANT SELECT ON performance_schema.host_cache TO ${account};`],
};

const COLUMNS = 'Host, User, plugin, account_locked, password_expired, ssl_type';

const MYSQL_ACCOUNTS: ReaderNeed = {
  what: `SELECT (${COLUMNS}) on mysql.user`,
  loss: 'accounts cannot be read, so no answer says who may log in',
  isOptional: false,
  probes: [`SELECT ${COLUMNS} FROM mysql.user LIMIT 1`],
  grant: (account) => [`GRANT SELECT (${COLUMNS}) ON mysql.user TO ${account};`],
};

const VIEW = `CREATE OR REPLACE SQL SECURITY DEFINER VIEW mysql.hostcache_accounts AS
  SELECT Host, User, JSON_VALUE(Priv, '$.plugin') AS plugin, JSON_VALUE(Priv, '$.ssl_type') AS ssl_type,
    JSON_VALUE(Priv, '$.account_locked') AS account_locked, JSON_VALUE(Priv, '$.is_role') AS is_role
  FROM mysql.global_priv;`;

const MARIADB_ACCOUNTS: ReaderNeed = {
  what: 'SELECT on the view mysql.hostcache_accounts',
  loss: 'accounts cannot be read, so no answer says who may log in',
  isOptional: false,
  probes: [
    `SELECT User, Host, plugin, ssl_type, account_locked, is_role FROM mysql.hostcache_accounts LIMIT 1`,
    `SELECT User, Host, Priv FROM mysql.global_priv LIMIT 1`,
  ],
  instead: {
    probes: ['SELECT User, Host, plugin, ssl_type FROM mysql.user LIMIT 1'],
    loss: 'accounts are read from mysql.user, which hides locks and shows password hashes',
  },
  grant: (account) => [VIEW, `GRANT SELECT ON mysql.hostcache_accounts TO ${account};`],
};

const ERROR_LOG: ReaderNeed = {
  what: 'SELECT on performance_schema.error_log',
  loss: 'a PTR name that the server rejected is not told',
  isOptional: true,
  probes: ['SELECT error_code, data, logged FROM performance_schema.error_log LIMIT 1'],
  grant: (account) => [`GRANT SELECT ON performance_schema.error_log TO ${account};`],
};

export function readerNeeds(settings: ReleaseSettings): readonly ReaderNeed[] {
  const needs = [PROCESS, CACHE, ACCOUNTS[settings.flavour]];
  return releaseOf(settings).hasErrorLog ? [...needs, ERROR_LOG] : needs;
}

const ACCOUNTS: Readonly<Record<Flavour, ReaderNeed>> = {
  mysql: MYSQL_ACCOUNTS,
  mariadb: MARIADB_ACCOUNTS,
};
