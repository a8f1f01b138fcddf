// Reads where connections wait before they have logged in: by bytes, or by what excludes DNS. Does I/O.
import { isUnreadable } from '../../chat/unreadable.ts';
import type { PendingConnection } from '../../hostcache/activity.ts';
import { parseAddress } from '../../hostcache/address.ts';
import { stepOf } from '../../hostcache/handshake.ts';
import type { Fields } from './answer.ts';
import type { Link } from './link.ts';

/** Every account may read these. */
const SETTINGS = 'SELECT VERSION() AS version, @@skip_name_resolve AS skips';

/** An optional grant. MySQL has these tables from 5.7 on, MariaDB from 10.5 on. */
const BYTES = `SELECT STRAIGHT_JOIN t.PROCESSLIST_ID AS id, s.VARIABLE_NAME AS name, s.VARIABLE_VALUE AS value
  FROM performance_schema.threads t
  JOIN performance_schema.status_by_thread s ON s.THREAD_ID = t.THREAD_ID
  WHERE t.PROCESSLIST_ID IN (?) AND s.VARIABLE_NAME IN ('Bytes_sent', 'Bytes_received')`;

/** CONCAT keeps MySQL from reading the whole cache once for each address. */
const VALIDATED = `SELECT IP AS ip FROM performance_schema.host_cache
  WHERE HOST_VALIDATED = 'YES' AND CONCAT(IP) IN (?)`;

/** MySQL 5.6 cuts it off, as its user names have at most 16 characters. */
const UNAUTHENTICATED: readonly unknown[] = ['unauthenticated user', 'unauthenticated '];

/** A row of the process list; MariaDB names the user as soon as the login packet is read. */
export function isPending(row: Fields): boolean {
  return UNAUTHENTICATED.includes(row['USER']) || row['COMMAND'] === 'Connect';
}

/** Asks for more only if there are such rows. */
export async function readPending(
  link: Link,
  rows: readonly Fields[],
): Promise<readonly PendingConnection[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => Number(row['ID']));
  const [[settings], bytes] = await Promise.all([link.ask(SETTINGS), readBytes(link, ids)]);
  const version = String(settings?.['version']);
  const skips = Number(settings?.['skips']) === 1;
  const unproved = rows.filter((row) => (bytes.get(Number(row['ID']))?.sent ?? 0) === 0);
  const validated = await readValidated(link, skips ? [] : unproved.map(hostOf));
  return rows.map((row) => {
    const [id, host, state] = [Number(row['ID']), hostOf(row), String(row['STATE'] ?? '')];
    const isAddress = host === '' || parseAddress(host) !== null;
    const step = stepOf({
      state,
      isUserShown: !UNAUTHENTICATED.includes(row['USER']),
      bytes: bytes.get(id) ?? null,
      isDnsExcluded: skips || !isAddress || validated.has(host),
      version,
    });
    return { id, host, seconds: secondsOf(row), state, step };
  });
}

type Bytes = { readonly sent: number; readonly received: number };

/** By connection; without those that the server does not show. */
async function readBytes(link: Link, ids: readonly number[]): Promise<ReadonlyMap<number, Bytes>> {
  const rows = await askIfShown(link, BYTES, ids);
  const byId = new Map<number, Bytes>();
  for (const { id, name, value } of rows) {
    const before = byId.get(Number(id)) ?? { sent: 0, received: 0 };
    const counted = name === 'Bytes_sent' ? { sent: Number(value) } : { received: Number(value) };
    byId.set(Number(id), { ...before, ...counted });
  }
  return byId;
}

/** Those of the hosts that are addresses with a validated entry, which spares the server DNS. */
async function readValidated(link: Link, hosts: readonly string[]): Promise<ReadonlySet<string>> {
  const addresses = [...new Set(hosts)].filter((host) => parseAddress(host) !== null);
  if (addresses.length === 0) return new Set();
  return new Set((await askIfShown(link, VALIDATED, addresses)).map(({ ip }) => String(ip)));
}

/** No rows if the server does not show them: the steps are then less exact. */
async function askIfShown(
  link: Link,
  sql: string,
  list: readonly unknown[],
): Promise<readonly Fields[]> {
  try {
    return await link.ask(sql, [list]);
  } catch (error) {
    if (isUnreadable(error)) return [];
    throw error;
  }
}

function secondsOf(row: Fields): number | null {
  const seconds = Number(row['TIME']);
  return row['TIME'] === null || Number.isNaN(seconds) ? null : seconds;
}

/** Without the port, which is the last part: `10.0.0.1:40123`, `2001:db8::5:40123`. */
export function hostOf(row: Fields): string {
  return String(row['HOST'] ?? '').replace(/:\d+$/, '');
}
