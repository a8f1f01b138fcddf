import type { Account } from './account.ts';
import type { Address } from './address.ts';
import {
  couldMatchSomeName,
  type HostPattern,
  isWildcard,
  matches,
  parseHostPattern,
  type Rules,
} from './host-pattern.ts';
import { compareSpecificity } from './specificity.ts';
import { equalIgnoringCase } from './wildcard.ts';

/** The client's name as the server sees it: a name, none (null), or not known. */
export type ClientName =
  | { readonly known: true; readonly name: string | null }
  | { readonly known: false };

export interface Client {
  readonly address: Address;
  readonly name: ClientName;
}

/** An account with its parsed host pattern. */
export interface Candidate {
  readonly account: Account;
  readonly pattern: HostPattern;
}

/** The account that a login lands on. */
export type AccountChoice =
  /** `ties`: accounts as specific as this one; the server's order among them is not specified. */
  | { readonly kind: 'account'; readonly account: Account; readonly ties: readonly Account[] }
  | { readonly kind: 'none' }
  /** It depends on a name that is not known; `admits`: some account matches whatever the name is. */
  | { readonly kind: 'unknown'; readonly admits: boolean };

/** The rows that the server matches: in MySQL a role is an ordinary row. */
export function candidatesOf(accounts: readonly Account[], rules: Rules): readonly Candidate[] {
  return accounts
    .filter((account) => rules !== 'mariadb' || !account.isRole)
    .map((account) => ({ account, pattern: parseHostPattern(account.host, rules) }));
}

/**
 * The check before any login (error 1130): whether some account lets this host in at all.
 * null: it depends on a name that is not known.
 */
export function passesHostCheck(
  candidates: readonly Candidate[],
  client: Client,
  rules: Rules,
): boolean | null {
  const name = client.name.known ? client.name.name : null;
  if (candidates.some(({ pattern }) => opensHostCheck(pattern, client.address, name, rules))) {
    return true;
  }
  if (client.name.known) return false;
  // A name only adds matches, so if no name could match, the answer is the same for all names.
  return candidates.some(({ pattern }) => couldMatchSomeName(pattern, client.address, rules))
    ? null
    : false;
}

/** Considers the rows of this user name and the anonymous rows. */
export function chooseAccount(
  candidates: readonly Candidate[],
  user: string,
  client: Client,
  rules: Rules,
): AccountChoice {
  const own = candidates.filter(({ account }) => account.user === user || account.user === '');
  const name = client.name.known ? client.name.name : null;
  const matching = own.filter(({ pattern }) => matches(pattern, client.address, name, rules));
  const best = first(matching, rules);
  if (!client.name.known && dependsOnName(own, matching, best, client.address, rules)) {
    return { kind: 'unknown', admits: best !== null };
  }
  if (best === null) return { kind: 'none' };
  const ties = matching.filter(
    (other) => other !== best && compareSpecificity(other, best, rules) === 0,
  );
  return { kind: 'account', account: best.account, ties: ties.map(({ account }) => account) };
}

/** The text comparison that the server makes before it knows the user name. */
function opensHostCheck(
  pattern: HostPattern,
  address: Address,
  name: string | null,
  rules: Rules,
): boolean {
  if (pattern.text === '' || pattern.text === '%') return true;
  if (isWildcard(pattern, rules)) return matches(pattern, address, name, rules);
  // To the server '10.1.2.3/32' is not a wildcard, and its text does not equal the client's.
  return (
    (name !== null && equalIgnoringCase(pattern.text, name)) ||
    equalIgnoringCase(pattern.text, address.text)
  );
}

/** Whether some name would add a row that comes before the best one, or ties with it. */
function dependsOnName(
  own: readonly Candidate[],
  matching: readonly Candidate[],
  best: Candidate | null,
  address: Address,
  rules: Rules,
): boolean {
  return own.some(
    (other) =>
      !matching.includes(other) &&
      couldMatchSomeName(other.pattern, address, rules) &&
      (best === null || compareSpecificity(other, best, rules) <= 0),
  );
}

function first(matching: readonly Candidate[], rules: Rules): Candidate | null {
  return matching.reduce<Candidate | null>(
    (best, next) => (best === null || compareSpecificity(next, best, rules) < 0 ? next : best),
    null,
  );
}
