// Reads one MySQL or MariaDB server through the reading account.

import { createUnreadable } from '../../chat/unreadable.ts';
import type { FlushView } from '../../flush/flusher.ts';
import type { Address } from '../../hostcache/address.ts';
import type { MysqlLogin } from '../../hostcache/mysql-login.ts';
import type { Server } from '../../hostcache/server.ts';
import { parseVersion, type ServerSettings } from '../../hostcache/settings.ts';
import { createAccountReader } from './accounts.ts';
import { readActivity } from './activity.ts';
import { readCache } from './cache.ts';
import { toEntry } from './entry.ts';
import { createFlushView } from './flush-view.ts';
import { createLink, type Fields, type Link } from './link.ts';

const SETTINGS = `SELECT VERSION() AS version, @@version_comment AS comment,
  @@performance_schema AS performanceSchema, @@skip_name_resolve AS skipNameResolve,
  @@host_cache_size AS hostCacheSize, CAST(@@max_connect_errors AS CHAR) AS maxConnectErrors,
  @@max_connections AS maxConnections, @@bind_address AS bindAddress,
  @@skip_networking AS skipNetworking`;

const UPTIME = `SHOW GLOBAL STATUS LIKE 'Uptime'`;

/** host_cache has other columns on every version, so they are read by the names that come. */
const ENTRY = 'SELECT * FROM performance_schema.host_cache WHERE IP = ?';

const ENTRY_COUNT = 'SELECT COUNT(*) AS total FROM performance_schema.host_cache';

/** Names are compared as DNS does; MariaDB's column would mind the case. */
const ENTRIES_OF = 'SELECT * FROM performance_schema.host_cache WHERE LOWER(HOST) = LOWER(?)';

/** The three warnings in which the server tells a PTR name that it rejected (8.0.22 and newer). */
const REJECTED_NAME = `SELECT error_code AS code, data FROM performance_schema.error_log
  WHERE error_code IN ('MY-010057', 'MY-010058') AND LOCATE(?, data) > 0
  ORDER BY logged DESC LIMIT 1`;

/** A server to read, and what a flush of it needs to see. */
export function createServer(options: {
  readonly name: string;
  readonly login: MysqlLogin;
}): Server & { readonly flushView: FlushView } {
  const link = createLink(options.name, options.login);
  const accounts = createAccountReader(link);
  return {
    name: options.name,
    settings: () => readSettings(link),
    entry: async (address) => {
      const [row] = await link.ask(ENTRY, [address.text]);
      return row === undefined ? null : toEntry(row);
    },
    entriesOf: async (host) => (await link.ask(ENTRIES_OF, [host])).map(toEntry),
    accounts: accounts.about,
    allAccounts: accounts.all,
    countNamedAccounts: accounts.countNamed,
    cache: () => readCache(link),
    entryCount: async () => Number((await link.ask(ENTRY_COUNT))[0]?.['total']),
    activity: () => readActivity(link),
    rejectedName: (address) => readRejectedName(link, address),
    flushView: createFlushView(link),
    close: link.close,
  };
}

async function readSettings(link: Link): Promise<ServerSettings> {
  const [[row], [uptime]] = await Promise.all([link.ask(SETTINGS), link.ask(UPTIME)]);
  const parsed = parseVersion(String(row?.['version']), String(row?.['comment']));
  if (row === undefined || parsed === null) {
    const came = String(row?.['version']);
    throw createUnreadable(
      `${link.place.name}: the server's version ${came} makes no sense to us.`,
    );
  }
  return {
    ...parsed,
    performanceSchema: isOn(row, 'performanceSchema'),
    skipNameResolve: isOn(row, 'skipNameResolve'),
    hostCacheSize: Number(row['hostCacheSize']),
    maxConnectErrors: BigInt(String(row['maxConnectErrors'])),
    maxConnections: Number(row['maxConnections']),
    bindAddress: String(row['bindAddress'] ?? '*'),
    skipNetworking: isOn(row, 'skipNetworking'),
    uptimeSeconds: Number(uptime?.['Value']),
  };
}

async function readRejectedName(link: Link, address: Address): Promise<string | null> {
  // Quotes around it, so that 10.0.0.1 is not found in 10.0.0.12.
  const [row] = await link.ask(REJECTED_NAME, [`'${address.text}'`]);
  const said = /(?:Hostname|the host name) '([^']*)'/.exec(String(row?.['data'] ?? ''));
  return said?.[1] ?? null;
}

function isOn(row: Fields, name: string): boolean {
  return Number(row[name]) === 1 || row[name] === 'ON';
}
