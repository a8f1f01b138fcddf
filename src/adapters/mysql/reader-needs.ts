import { type ReleaseSettings, releaseOf } from '../../hostcache/release.ts';

/** One privilege that the reading account needs, and the queries that test it. Pure. */
export interface ReaderNeed {
  /** Completes `the reading account does not have …`. */
  readonly what: string;
  /** What the bot cannot show without it. */
  readonly loss: string;
  readonly isOptional: boolean;
  /** If the account has the privilege, one of these queries succeeds. */
  readonly probes: readonly string[];
  /** What is good enough if the privilege is missing. */
  readonly instead?: { readonly probes: readonly string[]; readonly loss: string };
  /** The statements for an administrator, in this order. */
  grant(account: string): readonly string[];
}

const PROCESS: ReaderNeed = {
  what: 'PROCESS',
  loss: 'the connections of other accounts, including pending ones, cannot be seen',
  isOptional: false,
  // This table always requires PROCESS, and reading it does not wait for transactions.
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

const COLUMNS = ['Host', 'User', 'plugin', 'account_locked', 'password_expired', 'ssl_type'];
/** With it, an answer can tell an account that is newer than a refusal from tables not reloaded. */
const OPTIONAL_COLUMN = 'password_last_changed';

function mysqlAccounts(hasLocks: boolean): ReaderNeed {
  const columns = COLUMNS.filter((name) => hasLocks || name !== 'account_locked').join(', ');
  const granted = hasLocks ? `${columns}, ${OPTIONAL_COLUMN}` : columns;
  return {
    what: `SELECT (${columns}) on mysql.user`,
    loss: 'accounts cannot be read, so no answer says who may log in',
    isOptional: false,
    probes: [`SELECT ${columns} FROM mysql.user LIMIT 1`],
    grant: (account) => [`GRANT SELECT (${granted}) ON mysql.user TO ${account};`],
  };
}

const VIEW = `CREATE OR REPLACE SQL SECURITY DEFINER VIEW mysql.hostcache_accounts AS
  SELECT Host, User, JSON_VALUE(Priv, '$.plugin') AS plugin, JSON_VALUE(Priv, '$.ssl_type') AS ssl_type,
    JSON_VALUE(Priv, '$.account_locked') AS account_locked, JSON_VALUE(Priv, '$.is_role') AS is_role,
    JSON_VALUE(Priv, '$.password_last_changed') AS password_last_changed
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
  loss: 'PTR names that the server rejected are not shown',
  isOptional: true,
  probes: ['SELECT error_code, data, logged FROM performance_schema.error_log LIMIT 1'],
  grant: (account) => [`GRANT SELECT ON performance_schema.error_log TO ${account};`],
};

const FAILURE_TABLES = [
  'events_errors_summary_by_account_by_error',
  'events_errors_summary_global_by_error',
  'accounts',
];

const HANDSHAKE_BYTES: ReaderNeed = {
  what: 'SELECT on performance_schema.threads and status_by_thread',
  loss: 'connections that wait for DNS cannot be told from those that wait in TLS',
  isOptional: true,
  probes: [
    'SELECT 1 FROM performance_schema.threads t JOIN performance_schema.status_by_thread s USING (THREAD_ID) LIMIT 1',
  ],
  grant: (account) =>
    ['threads', 'status_by_thread'].map(
      (table) => `GRANT SELECT ON performance_schema.${table} TO ${account};`,
    ),
};

const LOGINS: ReaderNeed = {
  what: `SELECT on ${FAILURE_TABLES.join(', ')} of performance_schema`,
  loss: 'who fails to log in, from where and with which error is not shown, and audit does not know which accounts are used',
  isOptional: true,
  probes: [
    `SELECT 1 FROM ${FAILURE_TABLES.map((table) => `performance_schema.${table}`).join(', ')} LIMIT 1`,
  ],
  grant: (account) =>
    FAILURE_TABLES.map((table) => `GRANT SELECT ON performance_schema.${table} TO ${account};`),
};

/** Where no errors are kept by account, logins are counted all the same. */
const LOGIN_COUNTS: ReaderNeed = {
  what: 'SELECT on performance_schema.accounts',
  loss: 'audit does not know which accounts are used',
  isOptional: true,
  probes: ['SELECT 1 FROM performance_schema.accounts LIMIT 1'],
  grant: (account) => [`GRANT SELECT ON performance_schema.accounts TO ${account};`],
};

export function readerNeeds(settings: ReleaseSettings): readonly ReaderNeed[] {
  const { hasErrorLog, hasThreadStatus, hasErrorSummary, accountLocks } = releaseOf(settings);
  return [
    PROCESS,
    CACHE,
    settings.flavour === 'mysql' ? mysqlAccounts(accountLocks !== 'none') : MARIADB_ACCOUNTS,
    ...(hasErrorLog ? [ERROR_LOG] : []),
    ...(hasThreadStatus ? [HANDSHAKE_BYTES] : []),
    hasErrorSummary ? LOGINS : LOGIN_COUNTS,
  ];
}
