import type { Account } from '../../src/hostcache/account.ts';
import type { AccountRows } from '../../src/hostcache/server.ts';
import { NAME } from './clients.ts';

/** Rows of mysql.user. */

export function account(user: string, host: string, change: Partial<Account> = {}): Account {
  return {
    user,
    host,
    isRole: false,
    locked: false,
    plugin: 'caching_sha2_password',
    tls: '',
    expired: false,
    changedAt: null,
    ...change,
  };
}

/** The account for the client's name. */
export const JDOE = account('jdoe', NAME);

/** An account for the network of the client. */
export const BY_ADDRESS = account('app', '192.0.2.%');

/** `CREATE ROLE app_read`: in MySQL it opens the host check for all. */
export const ROLE = account('app_read', '%', { isRole: true, locked: true });

export function rowsOf(...rows: readonly Account[]): AccountRows {
  return { rows, moreMatching: 0, moreNamed: 0 };
}
