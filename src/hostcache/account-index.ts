import type { Account } from './account.ts';
import type { Address } from './address.ts';
import { type HostPattern, matches, needsName, type Rules } from './host-pattern.ts';
import { type Candidate, candidatesOf } from './matching.ts';

/** The accounts of one server, ordered to predict the effect of a flush on thousands of clients. */
export interface AccountIndex {
  /** Whether some account is for a name. If none is, the names of clients do not matter. */
  readonly needsNames: boolean;
  /** Whether an account matches the client by its name. */
  matchesName(client: Address, name: string): boolean;
  /** The accounts that decide about a client with one of these names, and a few more. */
  about(client: Address, names: readonly string[]): readonly Account[];
}

interface Parsed extends Candidate {
  readonly isForName: boolean;
}

export function indexAccounts(accounts: readonly Account[], rules: Rules): AccountIndex {
  const parsed = candidatesOf(accounts, rules).map(
    (each): Parsed => ({ ...each, isForName: needsName(each.pattern, rules) }),
  );
  const named = parsed.filter(({ isForName }) => isForName);
  const decisive = decisiveOf(parsed, named);
  const isWide = ({ account: { host } }: Parsed) => host === '' || /[%_\\/]/.test(host);
  const wide = decisive.filter(isWide);
  const byText = new Map<string, Account[]>();
  for (const { account, pattern } of decisive.filter((each) => !isWide(each))) {
    const text = textOf(pattern);
    byText.set(text, byText.get(text) ?? []);
    byText.get(text)?.push(account);
  }
  // One account for a name stands for all names that DNS does not give yet.
  const always = [...wide, ...named.slice(0, 1)].map(({ account }) => account);
  return {
    needsNames: named.length > 0,
    matchesName: (client, name) =>
      byText.has(name.toLowerCase()) ||
      wide.some(({ pattern, isForName }) => isForName && matches(pattern, client, name, rules)),
    about: (client, names) => {
      // Old releases keep only 60 characters of a name.
      const texts = [client.text, ...names.flatMap((name) => [name, name.slice(0, 60)])];
      const found = texts.flatMap((text) => byText.get(text.toLowerCase()) ?? []);
      return [...new Set([...always, ...found])];
    },
  };
}

/**
 * The accounts that a flush can make a login win or lose: those of users who have one for a name.
 * Of the others, one for each host pattern is enough for the host check.
 */
function decisiveOf(all: readonly Parsed[], named: readonly Parsed[]): readonly Parsed[] {
  const users = new Set(named.map(({ account }) => account.user));
  // An anonymous account for a name takes logins away from every user.
  if (users.has('')) return all;
  const patterns = new Set<string>();
  return all.filter(({ account: { user, host } }) => {
    const isFirst = !patterns.has(host);
    patterns.add(host);
    return isFirst || user === '' || users.has(user);
  });
}

/** The text of a client that the pattern matches. Servers read `10.1.2.03` as an address too. */
function textOf({ text, base, mask }: HostPattern): string {
  if (mask === null) return text.toLowerCase();
  return [24, 16, 8, 0].map((bits) => (base >>> bits) & 255).join('.');
}
