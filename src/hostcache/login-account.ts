import type { Account } from './account.ts';
import { type Address, parseAddress } from './address.ts';
import type { HostPattern, Rules } from './host-pattern.ts';
import { type Candidate, candidatesOf, chooseAccount, compareSpecificity } from './matching.ts';

/** Which row of mysql.user the server chose for a login name and a host, as its counters name them. */

export type LoginAccount =
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'none' }
  /** One of these, or none: it depends on an address that is not known, or on the order of ties. */
  | { readonly kind: 'one-of'; readonly accounts: readonly Account[] };

/** One login name at one client. */
export interface LoginClient {
  /** null = the client has a name only. */
  readonly address: Address | null;
  /** The name in the server's host cache; null = none. */
  readonly name: string | null;
}

export interface LoginAccounts {
  /** `host` as the server wrote it: an address or a name. */
  of(user: string, host: string): LoginAccount;
  /** The clients that the server may mean by this host; one at least. */
  clientsOf(host: string): readonly LoginClient[];
  at(user: string, client: LoginClient): LoginAccount;
}

/** A client of the Unix socket has no address. */
const SOCKET: Address = { text: '', family: 6 };

/** `addressesOf`: the addresses that have this name, in lower case. */
export function createLoginAccounts(
  accounts: readonly Account[],
  { rules, skipNameResolve }: { readonly rules: Rules; readonly skipNameResolve: boolean },
  addressesOf: (name: string) => readonly Address[],
): LoginAccounts {
  const byUser = new Map<string, Candidate[]>();
  for (const candidate of candidatesOf(accounts, rules)) {
    const { user } = candidate.account;
    const own = byUser.get(user);
    if (own === undefined) byUser.set(user, [candidate]);
    else own.push(candidate);
  }
  const candidatesFor = (user: string) =>
    user === '' ? (byUser.get('') ?? []) : [...(byUser.get(user) ?? []), ...(byUser.get('') ?? [])];

  function clientsOf(host: string): readonly LoginClient[] {
    const address = parseAddress(host);
    if (address !== null) return [{ address, name: null }];
    const name = host.toLowerCase();
    const others = name === 'localhost' ? localAddresses(skipNameResolve) : addressesOf(name);
    return others.length === 0
      ? [{ address: null, name: host }]
      : others.map((each) => ({ address: each, name: host }));
  }

  const at = (user: string, client: LoginClient) =>
    accountAt(candidatesFor(user), user, client, rules);
  const known = new Map<string, LoginAccount>();
  return {
    clientsOf,
    at,
    of: (user, host) => {
      const key = JSON.stringify([user, host]);
      const account = known.get(key) ?? common(clientsOf(host).map((client) => at(user, client)));
      known.set(key, account);
      return account;
    },
  };
}

/** Without names, only a client of the socket is called localhost. */
function localAddresses(skipNameResolve: boolean): readonly Address[] {
  if (skipNameResolve) return [SOCKET];
  return [SOCKET, { text: '127.0.0.1', family: 4 }, { text: '::1', family: 6 }];
}

function accountAt(
  own: readonly Candidate[],
  user: string,
  { address, name }: LoginClient,
  rules: Rules,
): LoginAccount {
  const client = { address: address ?? SOCKET, name: { known: true, name } as const };
  const choice = chooseAccount(own, user, client, rules);
  const best = choice.kind === 'account' ? [choice.account, ...choice.ties] : [];
  const others = address === null ? othersByAddress(own, best[0] ?? null, rules) : [];
  const possible = [...new Set([...best, ...others])];
  const [only] = possible;
  if (only === undefined) return { kind: 'none' };
  const isSure = possible.length === 1 && others.length === 0;
  return isSure ? { kind: 'account', account: only } : { kind: 'one-of', accounts: possible };
}

/** The accounts that would come before this one, or tie with it, if the client has the right address. */
function othersByAddress(
  own: readonly Candidate[],
  best: Account | null,
  rules: Rules,
): readonly Account[] {
  const chosen = own.find(({ account }) => account === best) ?? null;
  return own
    .filter((other) => other !== chosen && couldMatchSomeAddress(other.pattern))
    .filter((other) => chosen === null || compareSpecificity(other, chosen, rules) <= 0)
    .map(({ account }) => account);
}

function couldMatchSomeAddress({ text, mask }: HostPattern): boolean {
  if (mask !== null || !/[%_\\]/.test(text)) return mask !== null || parseAddress(text) !== null;
  // A pattern for names has characters that no address has.
  return /^[0-9a-f.:%_\\]*$/i.test(text);
}

/** What all of them say; where they differ, one of their accounts. */
function common(choices: readonly LoginAccount[]): LoginAccount {
  const [first] = choices;
  if (first !== undefined && choices.every((each) => isSame(each, first))) return first;
  const accounts = choices.flatMap((each) => accountsIn(each));
  return { kind: 'one-of', accounts: [...new Set(accounts)] };
}

function isSame(a: LoginAccount, b: LoginAccount): boolean {
  return a.kind === b.kind && a.kind !== 'one-of' && accountsIn(a)[0] === accountsIn(b)[0];
}

/** The accounts that it can be. */
export function accountsIn(choice: LoginAccount): readonly Account[] {
  switch (choice.kind) {
    case 'account':
      return [choice.account];
    case 'none':
      return [];
    case 'one-of':
      return choice.accounts;
  }
}
