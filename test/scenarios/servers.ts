import type { ServerSettings } from '../../src/hostcache/settings.ts';

/** What servers say of themselves. */

/** MySQL 9.7.4 as it comes, the version on which every prediction was tried. */
export const MYSQL: ServerSettings = {
  flavour: 'mysql',
  version: { text: '9.7.4', major: 9, minor: 7, patch: 4 },
  performanceSchema: true,
  readOnly: false,
  skipNameResolve: false,
  hostCacheSize: 279,
  maxConnectErrors: 100n,
  maxConnections: 151,
  bindAddress: '*',
  skipNetworking: false,
  uptimeSeconds: 86_400,
};

/** A MySQL on which the proof has not run. */
export const MYSQL_84: ServerSettings = {
  ...MYSQL,
  version: { text: '8.4.6', major: 8, minor: 4, patch: 6 },
};

/** MariaDB with performance_schema on, so that it shows its host cache. */
export const MARIADB: ServerSettings = {
  ...MYSQL,
  flavour: 'mariadb',
  version: { text: '11.8.9', major: 11, minor: 8, patch: 9 },
};
