// Reads one MySQL or MariaDB server through the reading account. Does I/O.

import type { FlushView } from '../../flush/flusher.ts';
import type { Address } from '../../hostcache/address.ts';
import type { MysqlLogin } from '../../hostcache/mysql-login.ts';
import type { Server } from '../../hostcache/server.ts';
import { createAccountReader } from './accounts.ts';
import { readActivity } from './activity.ts';
import { createCacheReader } from './cache.ts';
import { toEntry } from './entry.ts';
import { readFailures, readLogins } from './failures.ts';
import { createFlushView } from './flush-view.ts';
import { createLink, type Link } from './link.ts';
import { readSettings } from './settings.ts';

/** The columns of host_cache depend on the version, so they are read by name. */
const ENTRY = 'SELECT * FROM performance_schema.host_cache WHERE IP = ?';

const ENTRY_COUNT = 'SELECT COUNT(*) AS total FROM performance_schema.host_cache';

/**
 * Compares names as DNS does, without case; MariaDB's column is case-sensitive. A name of 64
 * characters may come from an error message, where the server cuts it off.
 */
const ENTRIES_OF = `SELECT * FROM performance_schema.host_cache
  WHERE LOWER(HOST) = LOWER(?) OR (CHAR_LENGTH(?) = 64 AND LEFT(LOWER(HOST), 64) = LOWER(?))`;

/** The warnings in which the server reports a PTR name that it rejected (8.0.22 and newer). */
const REJECTED_NAME = `SELECT error_code AS code, data FROM performance_schema.error_log
  WHERE error_code IN ('MY-010057', 'MY-010058') AND LOCATE(?, data) > 0
  ORDER BY logged DESC LIMIT 1`;

/** A server to read, and what a flush of it needs to read. */
export function createServer(options: {
  readonly name: string;
  readonly login: MysqlLogin;
}): Server & { readonly flushView: FlushView } {
  const link = createLink(options.name, options.login);
  const settings = () => readSettings(link.ask, options.name);
  const accounts = createAccountReader(link);
  return {
    name: options.name,
    settings,
    entry: async (address) => {
      const [row] = await link.ask(ENTRY, [address.text]);
      return row === undefined ? null : toEntry(row);
    },
    entriesOf: async (host) => (await link.ask(ENTRIES_OF, [host, host, host])).map(toEntry),
    accounts: accounts.about,
    allAccounts: accounts.all,
    accountsMark: accounts.mark,
    countNamedAccounts: accounts.countNamed,
    cache: createCacheReader(link),
    entryCount: async () => Number((await link.ask(ENTRY_COUNT))[0]?.['total']),
    activity: () => readActivity(link),
    failures: (hosts) => readFailures(link, hosts),
    logins: (hosts) => readLogins(link, hosts),
    rejectedName: (address) => readRejectedName(link, address),
    flushView: createFlushView(link, settings, options.name),
    close: link.close,
  };
}

async function readRejectedName(link: Link, address: Address): Promise<string | null> {
  // With quotes, so 10.0.0.1 is not found in 10.0.0.12.
  const [row] = await link.ask(REJECTED_NAME, [`'${address.text}'`]);
  const match = /(?:Hostname|the host name) '([^']*)'/.exec(String(row?.['data'] ?? ''));
  return match?.[1] ?? null;
}
