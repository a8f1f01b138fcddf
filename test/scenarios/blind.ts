import { type Evidence, known, unknown } from '../../src/diagnosis/evidence.ts';
import { account, BY_ADDRESS, JDOE, rowsOf } from './accounts.ts';
import { NAME } from './clients.ts';
import { healthy } from './evidence.ts';
import { neverSeen } from './names.ts';
import { MARIADB, MYSQL, MYSQL_84 } from './servers.ts';

/** Servers that keep no cache, do not show it, or do not answer. */

/** Names are never looked up, so jdoe's account can never match. */
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

/** host_cache_size = 0: DNS is asked at each connection, nobody is blocked. */
export const cacheOff: Evidence = {
  ...healthy,
  settings: known({ ...MYSQL, hostCacheSize: 0 }),
  entry: known(null),
};

/** The client has no entry, and there is no room for one. */
export const cacheFull: Evidence = { ...neverSeen, entryCount: 279 };

/** MariaDB as it comes: its table is empty whatever the cache holds. */
export const mariadbBlind: Evidence = {
  ...healthy,
  settings: known({ ...MARIADB, performanceSchema: false }),
  entry: unknown(
    'The host cache cannot be seen: performance_schema is off, so MariaDB 11.8.9 shows no rows.',
  ),
};

/** The same where no account could let the client in, whatever its name. */
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
    "main: a privilege is missing: SELECT command denied to user 'bot'@'%' for table 'user' (1142).",
  ),
};

/** The reading account may not read performance_schema.host_cache. */
export const noGrantOnHostCache: Evidence = {
  ...healthy,
  entry: unknown(
    "main: a privilege is missing: SELECT command denied to user 'bot'@'%' for table 'host_cache' (1142).",
  ),
};

const DOWN = 'main: nothing listens at bot@192.0.2.99:3306; is the server running?';

/** Nothing is known but what DNS says. */
export const serverDown: Evidence = {
  ...healthy,
  settings: unknown(DOWN),
  entry: unknown(DOWN),
  accounts: unknown(DOWN),
  activity: unknown(DOWN),
};

/** Not one of the versions on which the predictions were tried. */
export const unproved: Evidence = { ...healthy, settings: known(MYSQL_84) };

/** An entry unseen, and an account without a name beside one that only a name could bring in. */
export const blindAnonymous: Evidence = {
  ...noGrantOnHostCache,
  user: 'jdoe',
  accounts: known(rowsOf(account('', '%'), account('jdoe', NAME))),
};

/** As blindAnonymous, without the account for all. */
export const blindByName: Evidence = {
  ...noGrantOnHostCache,
  user: 'jdoe',
  accounts: known(rowsOf(JDOE)),
};
