import type { ServerSettings } from './settings.ts';

/** Pages of the servers' manuals, by what MySQL's manual calls them; each release links to its own. */
const MARIADB_PAGES = {
  'host-cache':
    'reference/system-tables/performance-schema/performance-schema-tables/performance-schema-host_cache-table',
  'performance-schema-host-cache-table':
    'reference/system-tables/performance-schema/performance-schema-tables/performance-schema-host_cache-table',
  'blocked-host':
    'server-management/variables-and-modes/server-system-variables#max_connect_errors',
  'account-names':
    'reference/sql-statements/account-management-sql-statements/create-user#account-names',
  'connection-access':
    'reference/sql-statements/account-management-sql-statements/create-user#account-names',
  'problems-connecting': 'mariadb-quickstart-guides/mariadb-connection-troubleshooting-guide',
  'account-locking': 'security/user-account-management/account-locking',
  'user-resources':
    'reference/sql-statements/account-management-sql-statements/create-user#resource-limit-options',
  'using-encrypted-connections':
    'security/encryption/data-in-transit-encryption/secure-connections-overview',
  'pluggable-authentication': 'reference/plugins/authentication-plugins',
  'proxy-users':
    'reference/sql-statements/account-management-sql-statements/grant#proxy-privileges',
  // MariaDB has no such table.
  'performance-schema-error-summary-tables':
    'mariadb-quickstart-guides/mariadb-connection-troubleshooting-guide',
  'server-system-variables': 'server-management/variables-and-modes/server-system-variables',
} as const;

export type ManualPage = keyof typeof MARIADB_PAGES;

/** For an unknown server: the newest MySQL manual. */
const NEWEST = '9.7';

/** The page in the manual of this server's own release. */
export function manualUrl(
  page: ManualPage,
  { flavour, version }: Partial<Pick<ServerSettings, 'flavour' | 'version'>>,
): string {
  if (flavour === 'mariadb') return `https://mariadb.com/docs/server/${MARIADB_PAGES[page]}`;
  const series = version === undefined ? NEWEST : `${version.major}.${version.minor}`;
  return `https://dev.mysql.com/doc/refman/${series}/en/${page}.html`;
}
