// Reads a server's version and variables; every account may. Does I/O.
import { createUnreadable } from '../../chat/unreadable.ts';
import { shorten } from '../../chat/words.ts';
import { parseVersion, type ServerSettings } from '../../hostcache/settings.ts';
import type { Fields } from './answer.ts';

const SETTINGS = `SELECT VERSION() AS version, @@version_comment AS comment,
  @@performance_schema AS performanceSchema, @@read_only AS readOnly,
  @@skip_name_resolve AS skipNameResolve,
  @@host_cache_size AS hostCacheSize, CAST(@@max_connect_errors AS CHAR) AS maxConnectErrors,
  @@max_connections AS maxConnections, @@bind_address AS bindAddress,
  @@skip_networking AS skipNetworking, UNIX_TIMESTAMP() AS now`;

const UPTIME = `SHOW GLOBAL STATUS LIKE 'Uptime'`;

/** Releases before MySQL 5.7 and MariaDB 10.5 do not have it. */
const SECURE = `SHOW GLOBAL VARIABLES LIKE 'require_secure_transport'`;

const PLUGINS = `SELECT PLUGIN_NAME AS name FROM information_schema.PLUGINS
  WHERE PLUGIN_TYPE = 'AUTHENTICATION' AND PLUGIN_STATUS = 'ACTIVE'`;

/** `name`: the server's name in the settings. Rejects as `ask` does. */
export async function readSettings(
  ask: (sql: string) => Promise<readonly Fields[]>,
  name: string,
): Promise<ServerSettings> {
  const [[row], [uptime], [secure], plugins] = await Promise.all([
    ask(SETTINGS),
    ask(UPTIME),
    ask(SECURE),
    ask(PLUGINS),
  ]);
  const parsed = parseVersion(String(row?.['version']), String(row?.['comment']));
  if (row === undefined || parsed === null) {
    const version = shorten(String(row?.['version']));
    throw createUnreadable(`${name}: expected a version such as 8.4.2, got ${version}.`);
  }
  const maxConnectErrors = String(row['maxConnectErrors']);
  if (!/^\d{1,20}$/.test(maxConnectErrors)) {
    const got = shorten(maxConnectErrors);
    throw createUnreadable(`${name}: expected a number as max_connect_errors, got ${got}.`);
  }
  return {
    ...parsed,
    performanceSchema: isOn(row, 'performanceSchema'),
    readOnly: isOn(row, 'readOnly'),
    skipNameResolve: isOn(row, 'skipNameResolve'),
    hostCacheSize: Number(row['hostCacheSize']),
    maxConnectErrors: BigInt(maxConnectErrors),
    maxConnections: Number(row['maxConnections']),
    bindAddress: String(row['bindAddress'] ?? '*'),
    skipNetworking: isOn(row, 'skipNetworking'),
    requireSecureTransport: secure !== undefined && isOn(secure, 'Value'),
    plugins: plugins.length > 0 ? plugins.map(({ name }) => String(name)) : null,
    uptimeSeconds: Number(uptime?.['Value']),
    startedAt: startOf(Number(row['now']), Number(uptime?.['Value'])),
  };
}

function startOf(nowSeconds: number, uptimeSeconds: number): Date | null {
  const seconds = nowSeconds - uptimeSeconds;
  return Number.isFinite(seconds) ? new Date(seconds * 1000) : null;
}

/** The value is 0, 1 or a word: in MariaDB 12 read_only is OFF, ON, NO_LOCK or NO_LOCK_NO_ADMIN. */
function isOn(row: Fields, name: string): boolean {
  return !/^(?:0|OFF)$/i.test(String(row[name]));
}
