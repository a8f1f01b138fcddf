import { dnsGiving } from '../diagnosis/judge.ts';
import { accountName, newAccount } from '../hostcache/account.ts';
import type { AccountPlace } from '../hostcache/account-text.ts';
import type { Address } from '../hostcache/address.ts';
import { releaseOf } from '../hostcache/release.ts';
import type { Flavour, Version } from '../hostcache/settings.ts';
import {
  findAccount,
  plannedAccount,
  restarted,
  type World,
  withAccounts,
  withoutAccount,
  withRenamed,
} from './world.ts';

/** A change of a server, of its accounts or of DNS: what it makes of a world. Pure. */

export type Change =
  | { readonly kind: 'skip-name-resolve'; readonly on: boolean }
  | { readonly kind: 'flush' }
  | { readonly kind: 'add' | 'drop'; readonly account: AccountPlace }
  | { readonly kind: 'rename'; readonly from: AccountPlace; readonly to: AccountPlace }
  | { readonly kind: 'max-connect-errors'; readonly limit: bigint }
  /** `name` null: DNS gives no name. */
  | { readonly kind: 'dns'; readonly address: Address; readonly name: string | null }
  | { readonly kind: 'release'; readonly flavour: Flavour; readonly version: Version };

/** The world after the change, or a sentence that says why it cannot be made. */
export function makeChange(world: World, typed: Change): World | string {
  const change = storedBy(world, typed);
  switch (change.kind) {
    case 'skip-name-resolve':
      return switchNames(world, change.on);
    case 'flush':
      return { ...world, isCacheEmptied: true };
    case 'add': {
      if (findAccount(world, change.account) !== null) {
        return `${accountName(change.account)} exists already.`;
      }
      const added = plannedAccount(newAccount(change.account));
      return tooLong(world, change.account) ?? withAccounts(world, [added]);
    }
    case 'drop': {
      const account = findAccount(world, change.account);
      if (account === null) return missing(world, change.account);
      return withoutAccount(world, account);
    }
    case 'rename': {
      const from = findAccount(world, change.from);
      if (from === null) return missing(world, change.from);
      if (findAccount(world, change.to) !== null)
        return `${accountName(change.to)} exists already.`;
      return tooLong(world, change.to) ?? withRenamed(world, [{ from, to: change.to }]);
    }
    case 'max-connect-errors': {
      const { settings } = world;
      if (settings.maxConnectErrors === change.limit) {
        return `max_connect_errors is ${change.limit} already.`;
      }
      return { ...world, settings: { ...settings, maxConnectErrors: change.limit } };
    }
    case 'dns':
      return giveName(world, change.address, change.name);
    case 'release':
      return moveTo(world, change);
  }
}

/** MariaDB stores an empty host as '%'. */
function storedBy({ settings }: World, change: Change): Change {
  if (settings.flavour !== 'mariadb') return change;
  const stored = ({ user, host }: AccountPlace) => ({ user, host: host === '' ? '%' : host });
  if (change.kind === 'rename') {
    return { ...change, from: stored(change.from), to: stored(change.to) };
  }
  const isAccount = change.kind === 'add' || change.kind === 'drop';
  return isAccount ? { ...change, account: stored(change.account) } : change;
}

/** The host patterns that it adds. */
export function hostsNamedBy(change: Change): readonly string[] {
  if (change.kind === 'add') return [change.account.host];
  return change.kind === 'rename' ? [change.to.host] : [];
}

function switchNames(world: World, on: boolean): World | string {
  const { settings } = world;
  if (settings.skipNameResolve === on) {
    return `skip_name_resolve is ${on ? 'ON' : 'OFF'} already.`;
  }
  return restarted({ ...world, settings: { ...settings, skipNameResolve: on } });
}

function giveName(world: World, address: Address, name: string | null): World | string {
  const given = world.dns.get(address.text) ?? world.clients.get(address.text)?.dns ?? null;
  if (given !== null && given.rejected === null && given.host === name) {
    return `DNS gives ${name} for ${address.text} already.`;
  }
  if (given?.status === 'nxdomain' && name === null) {
    return `DNS gives no name for ${address.text} already.`;
  }
  return { ...world, dns: new Map(world.dns).set(address.text, dnsGiving(name)) };
}

/** The accounts move along; MariaDB keeps roles apart from accounts, so they no longer match. */
function moveTo(
  world: World,
  { flavour, version }: Extract<Change, { readonly kind: 'release' }>,
): World | string {
  const { settings } = world;
  const { text, major, minor } = settings.version;
  const isSame = version.text === text || version.text === `${major}.${minor}`;
  if (settings.flavour === flavour && isSame) {
    return `The server runs ${version.text} already.`;
  }
  const hasNewPasswords = settings.flavour !== flavour;
  const moved = { ...settings, flavour, version, plugins: null };
  return restarted({ ...world, hasNewPasswords, settings: moved });
}

/** The server would refuse it (1470). */
function tooLong({ settings }: World, { user }: AccountPlace): string | null {
  const { name, userLength } = releaseOf(settings);
  const length = [...user].length;
  if (length <= userLength) return null;
  return `${name} takes login names of ${userLength} characters at most, got ${length}.`;
}

function missing(world: World, place: AccountPlace): string {
  const others = [...world.accounts.read, ...world.accounts.added]
    .filter(({ account }) => account.user === place.user)
    .map(({ account }) => accountName(account))
    .slice(0, 3);
  const instead = others.length === 0 ? '' : ` There is ${others.join(', ')}.`;
  return `There is no account ${accountName(place)}.${instead}`;
}
