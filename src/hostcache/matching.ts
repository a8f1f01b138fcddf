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

/** What the server calls a client: a name, none (null), or one that we could not learn. */
export type ClientName =
  | { readonly known: true; readonly name: string | null }
  | { readonly known: false };

export interface Client {
  readonly address: Address;
  readonly name: ClientName;
}

/** An account with its pattern read. */
export interface Candidate {
  readonly account: Account;
  readonly pattern: HostPattern;
}

/** Which account a login lands on. */
export type AccountChoice =
  /** `ties` stand equal where the server's own order is not specified. */
  | { readonly kind: 'account'; readonly account: Account; readonly ties: readonly Account[] }
  | { readonly kind: 'none' }
  /** Depends on a name that is not known; `admits`: whichever it is, some account matches. */
  | { readonly kind: 'unknown'; readonly admits: boolean };

/** The rows that take part in matching: in MySQL a role is a row like any other. */
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
  // A name only adds matches, so without one that could match the answer is the same for all.
  return candidates.some(({ pattern }) => couldMatchSomeName(pattern, client.address, rules))
    ? null
    : false;
}

/** The account that a login under this user name lands on, named and anonymous rows considered. */
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

/** The same text comparison that the server makes before it knows who logs in. */
function opensHostCheck(
  pattern: HostPattern,
  address: Address,
  name: string | null,
  rules: Rules,
): boolean {
  if (pattern.text === '' || pattern.text === '%') return true;
  if (isWildcard(pattern, rules)) return matches(pattern, address, name, rules);
  // '10.1.2.3/32' is no wildcard to the server and no text that equals the client.
  return (
    (name !== null && equalIgnoringCase(pattern.text, name)) ||
    equalIgnoringCase(pattern.text, address.text)
  );
}

/** Whether some name would bring in a row that comes before, or beside, the best one without. */
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
