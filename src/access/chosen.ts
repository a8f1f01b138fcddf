import { type Account, accountName } from '../hostcache/account.ts';
import { type Address, parseAddress } from '../hostcache/address.ts';
import type { Rules } from '../hostcache/host-pattern.ts';
import { accountsIn, createLoginAccounts, type LoginAccounts } from '../hostcache/login-account.ts';
import type { KnownAccount, KnownClient } from './stores.ts';

/** Which client and which account a login name and a host in the counters mean. Pure. */

export interface Chooser {
  /** As quoted CURRENT_USER(); null = not known. */
  accountOf(user: string, host: string): string | null;
  /** null = not known, or none. */
  addressOf(host: string): string | null;
}

/** An account that was changed between the readings can have been either: then none is known. */
export function createChooser(
  before: readonly KnownAccount[] | null,
  accounts: readonly KnownAccount[] | null,
  clients: readonly KnownClient[],
  settings: { readonly rules: Rules; readonly skipNameResolve: boolean },
): Chooser {
  const addressesOf = addressesIn(clients);
  const listOf = (list: readonly KnownAccount[]) =>
    createLoginAccounts(list.map(toAccount), settings, addressesOf);
  const now = listOf(accounts ?? []);
  const hasChanged = before !== null && accounts !== null && before !== accounts;
  const lists = hasChanged ? [now, listOf(before)] : [now];
  return {
    accountOf: (user, host) => {
      if (accounts === null) return null;
      const names = lists.flatMap((list) => namesIn(list, user, host));
      const [name = null, ...others] = new Set(names);
      return others.length === 0 ? name : null;
    },
    addressOf: (host) => {
      const [client, ...others] = now.clientsOf(host);
      const text = client?.address?.text ?? '';
      return others.length > 0 || text === '' ? null : text;
    },
  };
}

function namesIn(list: LoginAccounts, user: string, host: string): readonly string[] {
  return accountsIn(list.of(user, host)).map(accountName);
}

/** Only user, host and whether it is a role decide which account is chosen. */
function toAccount({ user, host, isRole }: KnownAccount): Account {
  const untold = { locked: null, plugin: null, tls: null, expired: null, changedAt: null };
  return { user, host, isRole, ...untold };
}

function addressesIn(clients: readonly KnownClient[]): (name: string) => readonly Address[] {
  const byName = new Map<string, Address[]>();
  for (const { address: text, name } of clients) {
    const address = name === null ? null : parseAddress(text);
    if (name === null || address === null) continue;
    const key = name.toLowerCase();
    const others = byName.get(key);
    if (others === undefined) byName.set(key, [address]);
    else others.push(address);
  }
  return (name) => byName.get(name) ?? [];
}
