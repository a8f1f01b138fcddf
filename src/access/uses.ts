import { type Account, accountName } from '../hostcache/account.ts';
import { parseAddress } from '../hostcache/address.ts';
import { failuresSince, isLogin, isSameRun, loginsSince } from '../hostcache/failures.ts';
import type { LoginAccount, LoginAccounts } from '../hostcache/login-account.ts';
import type { Counters } from './coverage.ts';
import type { AccessDay, AccountUse } from './record.ts';

/** Who logged in, from where, by which account: what the sweeps remember, and the counters since then. */

export interface Use {
  readonly user: string;
  /** As the server wrote it. */
  readonly host: string;
  readonly account: LoginAccount;
  readonly logins: number;
  readonly failures: number;
  /** When a reading last found a login, or an open session; null = none. */
  readonly seenAt: Date | null;
}

export function usesOf(
  days: readonly AccessDay[],
  counters: Counters,
  accounts: readonly Account[],
  chosen: LoginAccounts,
): readonly Use[] {
  const byName = new Map(accounts.map((account) => [accountName(account), account]));
  const remembered = days.flatMap(({ uses }) => uses.map((use) => toUse(use, byName, chosen)));
  return [...remembered, ...usesNow(counters, chosen)];
}

function toUse(
  { user, host, address, account: name, logins, failures, lastLoginAt }: AccountUse,
  byName: ReadonlyMap<string, Account>,
  chosen: LoginAccounts,
): Use {
  const counts = { user, host, logins, failures, seenAt: lastLoginAt };
  if (name !== null) {
    const account = byName.get(name);
    // The account was dropped since.
    return {
      ...counts,
      account: account === undefined ? { kind: 'none' } : { kind: 'account', account },
    };
  }
  const known = address === null ? null : parseAddress(address);
  const client = { address: known, name: host === address ? null : host };
  return { ...counts, account: known === null ? chosen.of(user, host) : chosen.at(user, client) };
}

function usesNow({ last, now }: Counters, chosen: LoginAccounts): readonly Use[] {
  const failed = failuresNow({ last, now });
  const counted = loginsSince(last, now).map(({ user, host, connections }) => {
    const failures = failed.get(key(user, host)) ?? 0;
    return { user, host, failures, logins: Math.max(0, connections - failures) };
  });
  const open = (now.logins ?? [])
    .filter((row) => row.open > 0)
    .map(({ user, host }) => ({ user, host, failures: 0, logins: 0, isOpen: true }));
  return [...counted, ...open].flatMap((each) => {
    const { user, host, logins, failures } = each;
    if (user === null) return [];
    const seenAt = logins > 0 || 'isOpen' in each ? now.readAt : null;
    return [{ user, host, account: chosen.of(user, host), logins, failures, seenAt }];
  });
}

/** Failed logins since the last reading; MySQL counts them as connections too. */
function failuresNow({ last, now }: Pick<Counters, 'last' | 'now'>): ReadonlyMap<string, number> {
  const failed = new Map<string, number>();
  // Without the earlier failures, those since the start are more than the connections since then.
  if (last !== null && last.failures === null && isSameRun(last, now)) return failed;
  for (const row of failuresSince(last, now)) {
    if (row.user === null || row.host === null || !isLogin(row)) continue;
    const pair = key(row.user, row.host);
    failed.set(pair, (failed.get(pair) ?? 0) + row.count);
  }
  return failed;
}

function key(user: string | null, host: string): string {
  return JSON.stringify([user, host]);
}
