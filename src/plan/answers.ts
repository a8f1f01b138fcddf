import { isOnlyLocal } from '../diagnosis/dns-facts.ts';
import { known } from '../diagnosis/evidence.ts';
import { isBlockedNow, nameNow } from '../diagnosis/predict.ts';
import type { Account } from '../hostcache/account.ts';
import { type AccountSearch, searchAccounts } from '../hostcache/account-search.ts';
import type { Address } from '../hostcache/address.ts';
import { parseHostPattern, type Rules } from '../hostcache/host-pattern.ts';
import {
  type Candidate,
  type Client,
  chooseAccount,
  passesHostCheck,
} from '../hostcache/matching.ts';
import { releaseOf } from '../hostcache/release.ts';
import type { Login, PlannedAccount, World } from './world.ts';

/** What a server answers each login in a world. Pure. */

export interface PlannedAnswer {
  readonly outcome: 'admitted' | 'refused' | 'blocked' | 'denied' | 'unknown';
  /** The number of the MySQL error; null = none, or not known. */
  readonly error: number | null;
  /** The account that the server chooses; null = none, or not known, or no login name was given. */
  readonly account: PlannedAccount | null;
  /** Accounts that stand equal with it; the server's order among them is not specified. */
  readonly ties: readonly PlannedAccount[];
}

/** Answers each login. It parses the accounts once. */
export type Answers = (login: Login) => PlannedAnswer;

interface PlannedCandidate extends Candidate {
  readonly planned: PlannedAccount;
}

const NONE = { error: null, account: null, ties: [] };
const UNKNOWN: PlannedAnswer = { outcome: 'unknown', ...NONE };
const ADMITTED: PlannedAnswer = { outcome: 'admitted', ...NONE };
const BLOCKED: PlannedAnswer = { ...NONE, outcome: 'blocked', error: 1129 };
const REFUSED: PlannedAnswer = { ...NONE, outcome: 'refused', error: 1130 };
const DENIED: PlannedAnswer = { ...NONE, outcome: 'denied', error: 1045 };

export function answersIn(world: World): Answers {
  const { rules } = releaseOf(world.settings);
  const find = createFinder(world, rules);
  const errorAfter = errorAfterChoice(world);
  return (login) => {
    const client = clientIn(world, login);
    if (client === null) return UNKNOWN;
    if (client === 'blocked') return BLOCKED;
    const { checked, own } = find(client, login.user);
    // A client of the socket is not checked, and every client passes an open check.
    const isChecked = login.client.kind !== 'socket' && !world.isOpen;
    const passes = isChecked ? passesHostCheck(checked, client, rules) : true;
    if (passes === null) return UNKNOWN;
    if (!passes) return REFUSED;
    if (login.user === null) return ADMITTED;
    const choice = chooseAccount(own, login.user, client, rules);
    if (choice.kind === 'none') return DENIED;
    if (choice.kind === 'unknown') return UNKNOWN;
    const planned = plannedIn(own);
    const account = planned(choice.account);
    const ties = choice.ties.flatMap((tie) => planned(tie) ?? []);
    const error = errorAfter(choice.account);
    return { outcome: error === null ? 'admitted' : 'denied', error, account, ties };
  };
}

/** The client as the server sees it; null = its name or its address is not known. */
function clientIn(world: World, { client }: Login): Client | 'blocked' | null {
  switch (client.kind) {
    case 'socket':
      return { address: { text: '', family: 6 }, name: { known: true, name: 'localhost' } };
    case 'name':
      return null;
    case 'address':
      return clientAt(world, client.address);
  }
}

function clientAt(world: World, address: Address): Client | 'blocked' | null {
  const { settings, clients, isCacheEmptied } = world;
  const read = clients.get(address.text);
  const dns = world.dns.get(address.text) ?? read?.dns ?? null;
  const entry = isCacheEmptied || read === undefined ? known(null) : read.entry;
  const facts = { client: address, settings: known(settings), entry, dns };
  if (isBlockedNow(facts)) return 'blocked';
  const cached = read?.entry.known === true ? (read.entry.value?.host ?? null) : null;
  const isLocal = isOnlyLocal(cached, dns, releaseOf(settings));
  const isLost = isCacheEmptied && !settings.skipNameResolve && isLocal;
  return { address, name: isLost ? { known: false } : nameNow(facts) };
}

interface Found {
  /** One account of each pattern, for the host check. */
  readonly checked: readonly Candidate[];
  /** The accounts of the login name, and the anonymous ones. */
  readonly own: readonly PlannedCandidate[];
}

function createFinder(world: World, rules: Rules): (client: Client, user: string | null) => Found {
  const { read, dropped, added } = world.accounts;
  const searches = [searchOnce(read, rules), searchAccounts(candidatesIn(added, rules))];
  const isThere = ({ planned }: PlannedCandidate) => !dropped.has(planned);
  return (client, user) => {
    const checked: Candidate[] = [];
    const own: PlannedCandidate[] = [];
    for (const { byUser } of searches.flatMap((search) => search.patternsFor(client))) {
      for (const candidate of byUser.values()) {
        if (!isThere(candidate)) continue;
        checked.push(candidate);
        break;
      }
      const users = user === null || user === '' ? [''] : [user, ''];
      for (const name of users) {
        const candidate = byUser.get(name);
        if (candidate !== undefined && isThere(candidate)) own.push(candidate);
      }
    }
    return { checked, own };
  };
}

/** By the list that was read: the worlds of one plan share it. */
const searched = new WeakMap<
  readonly PlannedAccount[],
  Map<Rules, AccountSearch<PlannedCandidate>>
>();

function searchOnce(
  read: readonly PlannedAccount[],
  rules: Rules,
): AccountSearch<PlannedCandidate> {
  const byRules = searched.get(read) ?? new Map<Rules, AccountSearch<PlannedCandidate>>();
  searched.set(read, byRules);
  const search = byRules.get(rules) ?? searchAccounts(candidatesIn(read, rules));
  byRules.set(rules, search);
  return search;
}

/** As `candidatesOf` in matching.ts, each with the planned account. */
function candidatesIn(
  accounts: readonly PlannedAccount[],
  rules: Rules,
): readonly PlannedCandidate[] {
  return accounts
    .filter(({ account }) => rules !== 'mariadb' || !account.isRole)
    .map((planned) => ({
      planned,
      account: planned.account,
      pattern: parseHostPattern(planned.account.host, rules),
      ...(planned.placeOf !== null && { orderedAs: parseHostPattern(planned.placeOf, rules) }),
    }));
}

function plannedIn(own: readonly PlannedCandidate[]): (account: Account) => PlannedAccount | null {
  return (account) => own.find((each) => each.account === account)?.planned ?? null;
}

/** The error with which the server refuses a login after it has chosen this account; null = none. */
function errorAfterChoice(world: World): (account: Account) => number | null {
  const { settings, hasNewPasswords } = world;
  const { hasNativePassword } = releaseOf(settings);
  return ({ locked, plugin }) => {
    if (locked === true) return settings.flavour === 'mysql' ? 3118 : 4151;
    if (plugin === null || plugin === '' || hasNewPasswords) return null;
    const isGone = plugin === 'mysql_native_password' && !hasNativePassword;
    const isUnloaded = settings.plugins !== null && !settings.plugins.includes(plugin);
    return isGone || isUnloaded ? 1524 : null;
  };
}
