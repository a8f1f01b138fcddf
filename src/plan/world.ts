import type { DnsFacts } from '../diagnosis/dns-facts.ts';
import type { Known } from '../diagnosis/evidence.ts';
import type { CachedName } from '../diagnosis/predict.ts';
import type { Account } from '../hostcache/account.ts';
import { accountName } from '../hostcache/account.ts';
import type { Address } from '../hostcache/address.ts';
import { releaseOf } from '../hostcache/release.ts';
import type { ServerSettings } from '../hostcache/settings.ts';

/** What decides about the logins on one server, as read, or as it would be after a change. Pure. */

export interface World {
  readonly settings: ServerSettings;
  readonly accounts: Accounts;
  /**
   * An account for every host was dropped or renamed since the server loaded its accounts, so the host
   * check still admits every client, until FLUSH PRIVILEGES or a restart (acl_check_host).
   */
  readonly isOpen: boolean;
  /** The clients that have been seen, by address. */
  readonly clients: ReadonlyMap<string, KnownClient>;
  /** The cache was emptied after it was read. */
  readonly isCacheEmptied: boolean;
  /** The accounts moved to the other flavour, where all of them get new passwords. */
  readonly hasNewPasswords: boolean;
  /** What DNS is made to give, by address; for others, what it gave. */
  readonly dns: ReadonlyMap<string, DnsFacts>;
}

/** The accounts that were read, and what was changed since. */
export interface Accounts {
  readonly read: readonly PlannedAccount[];
  readonly dropped: ReadonlySet<PlannedAccount>;
  readonly added: readonly PlannedAccount[];
}

export interface PlannedAccount {
  readonly account: Account;
  /** The account whose password and privileges it has, as quoted CURRENT_USER(). */
  readonly origin: string;
  /** RENAME USER keeps the place in the order until FLUSH PRIVILEGES; null = its own place. */
  readonly placeOf: string | null;
}

/** What was read of one client. */
export interface KnownClient {
  readonly address: Address;
  /** null = the server holds no entry. */
  readonly entry: Known<CachedName | null>;
  /** null = not asked, because no answer depends on it. */
  readonly dns: DnsFacts | null;
}

/** A login name at a client. */
export interface Login {
  /** null = the client was seen, and not with which login name. */
  readonly user: string | null;
  readonly client: LoginClient;
}

export type LoginClient =
  | { readonly kind: 'address'; readonly address: Address }
  /** On the database host itself, not over TCP. */
  | { readonly kind: 'socket' }
  /** The server wrote a name, and its address is not known. */
  | { readonly kind: 'name'; readonly name: string };

export function clientText(client: LoginClient): string {
  switch (client.kind) {
    case 'address':
      return client.address.text;
    case 'socket':
      return 'localhost';
    case 'name':
      return client.name;
  }
}

export function readAccounts(accounts: readonly Account[]): Accounts {
  return { read: accounts.map(plannedAccount), dropped: new Set(), added: [] };
}

export function plannedAccount(account: Account): PlannedAccount {
  return { account, origin: accountName(account), placeOf: null };
}

export function findAccount(
  { accounts: { read, dropped, added } }: World,
  { user, host }: Pick<Account, 'user' | 'host'>,
): PlannedAccount | null {
  const isIt = ({ account }: PlannedAccount) => account.user === user && account.host === host;
  return added.find(isIt) ?? read.find((each) => isIt(each) && !dropped.has(each)) ?? null;
}

export function withAccounts(world: World, more: readonly PlannedAccount[]): World {
  const { accounts } = world;
  return { ...world, accounts: { ...accounts, added: [...accounts.added, ...more] } };
}

/** DROP USER; on the running server the host check stays open if the account was for every host. */
export function withoutAccount(world: World, account: PlannedAccount): World {
  const { accounts } = world;
  const added = accounts.added.filter((each) => each !== account);
  const dropped = new Set(accounts.dropped).add(account);
  const isOpen = world.isOpen || isForAll(account);
  return { ...world, isOpen, accounts: { ...accounts, dropped, added } };
}

export interface Rename {
  readonly from: PlannedAccount;
  readonly to: Pick<Account, 'user' | 'host'>;
}

/** RENAME USER, which keeps the password, the privileges and the place in the order. */
export function withRenamed(world: World, renames: readonly Rename[]): World {
  const { accounts } = world;
  const froms = new Set(renames.map(({ from }) => from));
  const renamed = renames.map(({ from, to }) => ({
    ...from,
    account: { ...from.account, ...to },
    placeOf: from.placeOf ?? from.account.host,
  }));
  const added = [...accounts.added.filter((each) => !froms.has(each)), ...renamed];
  const dropped = new Set([...accounts.dropped, ...froms]);
  const isOpen = world.isOpen || [...froms].some(isForAll);
  return { ...world, isOpen, accounts: { ...accounts, dropped, added } };
}

function isForAll({ account: { host } }: PlannedAccount): boolean {
  return host === '%' || host === '';
}

/** ALTER USER … IDENTIFIED WITH a plugin that every release has. */
export function withPassword(world: World, { account, ...rest }: PlannedAccount): World {
  const { read, added } = world.accounts;
  const isIt = (each: PlannedAccount) => each.account === account;
  const changed = { ...rest, account: { ...account, plugin: null } };
  const dropped = new Set([...world.accounts.dropped, ...read.filter(isIt)]);
  const others = added.filter((each) => !isIt(each));
  return { ...world, accounts: { read, dropped, added: [...others, changed] } };
}

/** A restart loads the accounts anew, and the cache is empty. */
export function restarted(world: World): World {
  const placed = ({ account, origin }: PlannedAccount) => ({ account, origin, placeOf: null });
  const { read, dropped, added } = world.accounts;
  return {
    ...world,
    isOpen: false,
    isCacheEmptied: true,
    accounts: { read, dropped, added: added.map(placed) },
  };
}

export function rulesOf({ settings }: World) {
  return releaseOf(settings).rules;
}
