import type { Account } from '../../src/hostcache/account.ts';
import { accountName } from '../../src/hostcache/account.ts';
import { parseAddress } from '../../src/hostcache/address.ts';
import type { LoginFailure, LoginReading } from '../../src/hostcache/failures.ts';
import { candidatesOf, chooseAccount } from '../../src/hostcache/matching.ts';
import type { CacheReading } from '../../src/hostcache/server.ts';

/** A server in memory that counts logins as MySQL does, and remembers the truth of each. */

export interface Login {
  readonly user: string;
  readonly host: string;
  readonly account: string;
  readonly at: Date;
}

interface Row {
  connections: number;
  open: number;
}

export function createCountingServer(startedAt: Date) {
  const failures = new Map<string, LoginFailure>();
  const rows = new Map<string, Row>();
  const names = new Map<string, string>();
  const blocked = new Set<string>();
  const logins: Login[] = [];
  const failed: (Omit<Login, 'account'> & { readonly error: number })[] = [];
  let accounts: readonly Account[] = [];
  let start = startedAt;

  const rowOf = (user: string, host: string): Row => {
    const key = JSON.stringify([user, host]);
    const row = rows.get(key) ?? { connections: 0, open: 0 };
    rows.set(key, row);
    return row;
  };
  const connect = (user: string, address: string) => {
    const host = names.get(address) ?? address;
    const row = rowOf(user, host);
    row.connections += 1;
    return { host, row };
  };
  const clear = () => {
    failures.clear();
    rows.clear();
  };

  return {
    logins,
    failed,
    setAccounts: (list: readonly Account[]) => {
      accounts = list;
    },
    name: (address: string, name: string | null) => {
      if (name === null) names.delete(address);
      else names.set(address, name);
    },
    block: (address: string) => blocked.add(address),
    flush: () => blocked.clear(),
    /** The row that CURRENT_USER() gives; null = refused. */
    login: (user: string, address: string, at: Date, stays = false): string | null => {
      const client = parseAddress(address);
      if (client === null) throw new Error(`expected an address, got ${address}`);
      const name = names.get(address) ?? null;
      const choice = chooseAccount(
        candidatesOf(accounts, 'mysql'),
        user,
        { address: client, name: { known: true, name } },
        'mysql',
      );
      if (choice.kind !== 'account') return null;
      const { host, row } = connect(user, address);
      if (stays) row.open += 1;
      const account = accountName(choice.account);
      logins.push({ user, host, account, at });
      return account;
    },
    leave: (user: string, host: string) => {
      rowOf(user, host).open = 0;
    },
    fail: (user: string, address: string, error: number, at: Date) => {
      const { host } = connect(user, address);
      const key = JSON.stringify([user, host, error]);
      const { count = 0, firstAt = at } = failures.get(key) ?? {};
      failures.set(key, { user, host, error, count: count + 1, firstAt, lastAt: at });
      failed.push({ user, host, error, at });
    },
    restart: (at: Date) => {
      clear();
      start = at;
    },
    /** TRUNCATE of the tables in performance_schema. */
    emptyCounters: clear,
    reading: (readAt: Date): LoginReading => ({
      readAt,
      startedAt: start,
      failures: [...failures.values()],
      logins: [...rows].map(([key, row]) => {
        const [user, host] = JSON.parse(key) as [string, string];
        return { user, host, ...row };
      }),
    }),
    upSeconds: (at: Date) => (at.getTime() - start.getTime()) / 1000,
    cache: (): CacheReading => ({
      total: names.size + blocked.size,
      named: [...names].map(([address, host]) => ({ address, host, firstSeenAt: null })),
      notable: [...blocked].map((address) => ({
        ...{ address, host: names.get(address) ?? null, validated: true, connectErrors: 100 },
        ...{ counters: {}, firstSeenAt: null, lastSeenAt: null },
        ...{ firstErrorAt: null, lastErrorAt: null },
      })),
      errorTotals: {},
      oldestAt: null,
    }),
    server: {
      name: 'main',
      accountsMark: async () => JSON.stringify(accounts),
      allAccounts: async () => ({ rows: accounts, more: 0 }),
    },
  };
}

export type CountingServer = ReturnType<typeof createCountingServer>;
