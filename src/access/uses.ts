import { type Account, accountName } from '../hostcache/account.ts';
import { parseAddress } from '../hostcache/address.ts';
import {
  byPair,
  failuresSince,
  isSameRun,
  type LoginCount,
  type LoginReading,
  loginsSince,
  pairOf,
} from '../hostcache/failures.ts';
import type { LoginAccount, LoginAccounts } from '../hostcache/login-account.ts';
import { sumByPair } from './counted.ts';
import { type Counters, countsAll } from './coverage.ts';
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
  const counted = countedNow(days, counters).map(
    (each): Use => ({ ...each, account: chosen.of(each.user, each.host) }),
  );
  return [...remembered, ...counted];
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

interface Counted {
  readonly user: string;
  readonly host: string;
  readonly logins: number;
  readonly failures: number;
  readonly seenAt: Date | null;
}

/** What the counters say beyond the record. */
function countedNow(days: readonly AccessDay[], counters: Counters): readonly Counted[] {
  const { last, now } = counters;
  const recent = sinceReading(last, now);
  const open = (now.logins ?? [])
    .filter((row) => row.open > 0)
    .flatMap((row) => toCounted(row, 0, 0, now.readAt));
  if (!countsAll(days, counters)) return [...recent, ...open];
  const recorded = new Map<string, { logins: number; failures: number }>();
  for (const use of days.flatMap(({ uses }) => uses)) {
    const sum = recorded.get(pairOf(use)) ?? { logins: 0, failures: 0 };
    const { logins, failures } = use;
    recorded.set(pairOf(use), { logins: sum.logins + logins, failures: sum.failures + failures });
  }
  const seenAt = new Map(recent.map((each) => [pairOf(each), each.seenAt]));
  // Logins that no reading has dated were before the first one.
  const [
    {
      spans: [first],
    } = { spans: [] },
  ] = days;
  const rest = sinceReading(null, now).map((each): Counted => {
    const known = recorded.get(pairOf(each)) ?? { logins: 0, failures: 0 };
    const logins = Math.max(0, each.logins - known.logins);
    const failures = Math.max(0, each.failures - known.failures);
    const undatedAt = logins > 0 ? (first?.from ?? now.readAt) : null;
    return { ...each, logins, failures, seenAt: seenAt.get(pairOf(each)) ?? undatedAt };
  });
  return [...rest, ...open];
}

/** Who logged in since the server started, though it may have been before the record began. */
export function loggedIn({ now }: Counters): readonly Pick<Use, 'user' | 'host'>[] {
  return sinceReading(null, now).filter(({ logins }) => logins > 0);
}

/** Connections and failures since a reading of the same run; null = since the server started. */
function sinceReading(last: LoginReading | null, now: LoginReading): readonly Counted[] {
  const failed = failedSince(last, now);
  return loginsSince(last, now).flatMap((row) => {
    const failures = failed(row)?.count ?? 0;
    const logins = Math.max(0, row.connections - failures);
    return toCounted(row, logins, failures, logins > 0 ? now.readAt : null);
  });
}

function toCounted(
  { user, host }: LoginCount,
  logins: number,
  failures: number,
  seenAt: Date | null,
): readonly Counted[] {
  return user === null ? [] : [{ user, host, logins, failures, seenAt }];
}

/** Failed logins that MySQL counts as connections too. */
function failedSince(last: LoginReading | null, now: LoginReading) {
  // Without the earlier failures, those since the start are more than the connections since then.
  const isBlind = last !== null && last.failures === null && isSameRun(last, now);
  return byPair(sumByPair(isBlind ? [] : failuresSince(last, now)));
}
