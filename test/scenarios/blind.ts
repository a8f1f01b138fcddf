import { type Evidence, known, unknown } from '../../src/diagnosis/evidence.ts';
import { account, BY_ADDRESS, JDOE, rowsOf } from './accounts.ts';
import { NAME } from './clients.ts';
import { healthy } from './evidence.ts';
import { neverSeen } from './names.ts';
import { MARIADB, MYSQL, MYSQL_84 } from './servers.ts';

/** Servers that keep no cache, do not show it, or do not answer. */

/** The server never looks up names, so jdoe's account can never match. */
export const skipNameResolve: Evidence = {
  ...healthy,
  settings: known({ ...MYSQL, skipNameResolve: true }),
  entry: known(null),
  dns: null,
};

/** The same with an account by address. */
export const skipNameResolveByAddress: Evidence = {
  ...skipNameResolve,
  accounts: known(rowsOf(BY_ADDRESS)),
};

/** host_cache_size = 0: the server queries DNS at each connection and blocks no host. */
export const cacheOff: Evidence = {
  ...healthy,
  settings: known({ ...MYSQL, hostCacheSize: 0 }),
  entry: known(null),
};

/** The client has no entry, and there is no room for one. */
export const cacheFull: Evidence = { ...neverSeen, entryCount: 279 };

/** MariaDB with its defaults: performance_schema.host_cache is always empty. */
export const mariadbBlind: Evidence = {
  ...healthy,
  settings: known({ ...MARIADB, performanceSchema: false }),
  entry: unknown(
    'The host cache cannot be seen: performance_schema is off, so MariaDB 11.8.9 shows no rows.',
  ),
};

/** The same, but no account could admit the client under any name. */
export const mariadbBlindNoAccount: Evidence = {
  ...mariadbBlind,
  accounts: known(rowsOf(account('app', '10.%'))),
};

/** MariaDB with performance_schema on. */
export const mariadb: Evidence = { ...healthy, settings: known(MARIADB) };

/** The reading account may not read mysql.user. */
export const noGrantOnMysqlUser: Evidence = {
  ...healthy,
  accounts: unknown(
    "main: a privilege is missing: SELECT command denied to user 'bot'@'%' for table 'user' (1142); doctor prints the GRANT.",
  ),
};

/** The reading account may not read performance_schema.host_cache. */
export const noGrantOnHostCache: Evidence = {
  ...healthy,
  entry: unknown(
    "main: a privilege is missing: SELECT command denied to user 'bot'@'%' for table 'host_cache' (1142); doctor prints the GRANT.",
  ),
};

const DOWN = 'main: nothing listens at bot@192.0.2.99:3306; is the server running?';

/** Only DNS is known. */
export const serverDown: Evidence = {
  ...healthy,
  settings: unknown(DOWN),
  entry: unknown(DOWN),
  accounts: unknown(DOWN),
  activity: unknown(DOWN),
};

/** A version on which the predictions are not proved. */
export const unproved: Evidence = { ...healthy, settings: known(MYSQL_84) };

/** A hidden entry, an account without a user name, and an account that matches only by name. */
export const blindAnonymous: Evidence = {
  ...noGrantOnHostCache,
  user: 'jdoe',
  accounts: known(rowsOf(account('', '%'), account('jdoe', NAME))),
};

/** Like blindAnonymous, without the account for all. */
export const blindByName: Evidence = {
  ...noGrantOnHostCache,
  user: 'jdoe',
  accounts: known(rowsOf(JDOE)),
};
