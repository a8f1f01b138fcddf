// Reads a server's version and variables; every account may. Does I/O.
import { createUnreadable } from '../../chat/unreadable.ts';
import { shorten } from '../../chat/words.ts';
import { parseVersion, type ServerSettings } from '../../hostcache/settings.ts';
import type { Fields } from './answer.ts';

/** Releases before MySQL 5.7.8 and MariaDB 10.5 do not have require_secure_transport. */
const SETTINGS = `SELECT VERSION() AS version, @@version_comment AS comment,
  @@performance_schema AS performanceSchema, @@read_only AS readOnly,
  @@skip_name_resolve AS skipNameResolve,
  @@host_cache_size AS hostCacheSize, CAST(@@max_connect_errors AS CHAR) AS maxConnectErrors,
  @@max_connections AS maxConnections, @@bind_address AS bindAddress,
  @@skip_networking AS skipNetworking,
  /*!50708 @@require_secure_transport AS secure, */ /*M!100502 @@require_secure_transport AS secure, */
  (SELECT GROUP_CONCAT(PLUGIN_NAME) FROM information_schema.PLUGINS
    WHERE PLUGIN_TYPE = 'AUTHENTICATION' AND PLUGIN_STATUS = 'ACTIVE') AS plugins,
  UNIX_TIMESTAMP() AS now`;

const UPTIME = `SHOW GLOBAL STATUS LIKE 'Uptime'`;

/** `name`: the server's name in the settings. Rejects as `ask` does. */
export async function readSettings(
  ask: (sql: string) => Promise<readonly Fields[]>,
  name: string,
): Promise<ServerSettings> {
  const [[row], [uptime]] = await Promise.all([ask(SETTINGS), ask(UPTIME)]);
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
    requireSecureTransport: row['secure'] !== undefined && isOn(row, 'secure'),
    plugins: namesIn(row['plugins']),
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

/** null = the server shows none. */
function namesIn(list: unknown): readonly string[] | null {
  return typeof list === 'string' && list !== '' ? list.split(',') : null;
}
