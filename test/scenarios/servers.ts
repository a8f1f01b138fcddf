import type { ServerSettings } from '../../src/hostcache/settings.ts';

/** Settings of servers. */

/** MySQL 9.7.4 with its defaults, the version on which every prediction is proved. */
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
  requireSecureTransport: false,
  plugins: null,
  uptimeSeconds: 86_400,
  startedAt: new Date('2026-11-20T04:00:12Z'),
};

/** A MySQL version without a proof. */
export const MYSQL_84: ServerSettings = {
  ...MYSQL,
  version: { text: '8.4.6', major: 8, minor: 4, patch: 6 },
};

/** MariaDB with performance_schema on, so its host cache is visible. */
export const MARIADB: ServerSettings = {
  ...MYSQL,
  flavour: 'mariadb',
  version: { text: '11.8.9', major: 11, minor: 8, patch: 9 },
};
