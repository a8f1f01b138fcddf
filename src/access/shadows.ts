import type { Account } from '../hostcache/account.ts';
import {
  type HostPattern,
  matches,
  parseHostPattern,
  type Rules,
} from '../hostcache/host-pattern.ts';
import { accountsIn, type LoginAccounts, type LoginClient } from '../hostcache/login-account.ts';

/** Accounts that no client gets, because the server chooses others for all of them. */

/** A client, and the login name that it used. */
export interface SeenLogin {
  readonly user: string;
  readonly host: string;
}

/** Accounts times clients that are compared for login names that nobody used. */
const BUDGET = 300_000;

/** The accounts that are chosen instead; none = it is chosen for some client, or no client matches it. */
export type ShadowsOf = (account: Account) => readonly Account[];

/** `hosts`: every client that the server has seen, whatever its login name. */
export function createShadows(
  accounts: readonly Account[],
  seen: readonly SeenLogin[],
  hosts: readonly string[],
  chosen: LoginAccounts,
  rules: Rules,
): ShadowsOf {
  const hostsOf = new Map<string, Set<string>>();
  for (const { user, host } of seen) {
    const known = hostsOf.get(user);
    if (known === undefined) hostsOf.set(user, new Set([host]));
    else known.add(host);
  }
  const hasRivals = rivalsAmong(accounts);
  let budget = BUDGET;

  /** The logins that decide: those of its name; if there are none, its name from every client. */
  function loginsFor(account: Account): readonly SeenLogin[] {
    const { user } = account;
    if (user === '') return [...seen, ...hosts.map((host) => ({ user, host }))];
    const own = hostsOf.get(user);
    if (own !== undefined) return [...own].map((host) => ({ user, host }));
    budget -= hosts.length;
    return budget < 0 ? [] : hosts.map((host) => ({ user, host }));
  }

  return (account) => {
    if (account.isRole || !hasRivals(account)) return [];
    const pattern = parseHostPattern(account.host, rules);
    const instead = new Set<Account>();
    for (const { user, host } of loginsFor(account)) {
      const clients = chosen.clientsOf(host).filter((client) => isFor(pattern, client, rules));
      for (const client of clients) {
        const choice = chosen.at(user, client);
        if (choice.kind !== 'account' || choice.account === account) return [];
        for (const other of accountsIn(choice)) instead.add(other);
      }
    }
    return [...instead];
  };
}

/** Whether the server has another account to choose from for the same login name. */
function rivalsAmong(accounts: readonly Account[]): (account: Account) => boolean {
  const counts = new Map<string, number>();
  for (const { user } of accounts) counts.set(user, (counts.get(user) ?? 0) + 1);
  const anonymous = counts.get('') ?? 0;
  return ({ user }) =>
    user === '' ? accounts.length > 1 : (counts.get(user) ?? 0) + anonymous > 1;
}

function isFor(pattern: HostPattern, { address, name }: LoginClient, rules: Rules): boolean {
  // Without the address, a pattern for addresses may match: then nothing is claimed.
  return matches(pattern, address ?? { text: '', family: 6 }, name, rules);
}
