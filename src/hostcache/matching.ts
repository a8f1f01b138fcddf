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
import { equalIgnoringCase, tokensOf } from './wildcard.ts';

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
  /** RENAME USER keeps the order of this former pattern until the accounts are loaded again. */
  readonly orderedAs?: HostPattern;
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
 * null: it depends on a name that is not known, or on the release.
 */
export function passesHostCheck(
  candidates: readonly Candidate[],
  client: Client,
  rules: Rules,
): boolean | null {
  const opens = candidates.map((candidate) => opensHostCheck(candidate, client, rules));
  if (opens.includes(true)) return true;
  if (opens.includes(null)) return null;
  if (client.name.known) return false;
  // A name only adds matches, so if no name could match, the answer is the same for all names.
  return candidates.some(({ pattern }) => couldMatchSomeName(pattern, client.address, rules))
    ? null
    : false;
}

/** The accounts that open the host check; `isSure` false: those that may, depending on the release. */
export function openersOf(
  candidates: readonly Candidate[],
  client: Client,
  rules: Rules,
  isSure = true,
): readonly Account[] {
  const wanted = isSure ? true : null;
  return candidates
    .filter((candidate) => opensHostCheck(candidate, client, rules) === wanted)
    .map(({ account }) => account);
}

/** Considers the rows of this user name and the anonymous rows. */
export function chooseAccount(
  candidates: readonly Candidate[],
  user: string,
  client: Client,
  rules: Rules,
): AccountChoice {
  const own = candidates.filter(({ account }) => account.user === user || account.user === '');
  const matching = own.filter((candidate) => matchesClient(candidate, client, rules));
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

/** Whether the pattern matches the client by its address, or by its name if that is known. */
export function matchesClient(
  { pattern, orderedAs }: Pick<Candidate, 'pattern' | 'orderedAs'>,
  { address, name }: Client,
  rules: Rules,
): boolean {
  // After RENAME USER, MySQL compares an empty host as text: with the name, which may be empty too.
  if (pattern.text === '' && orderedAs !== undefined) return name.known && name.name === null;
  return matches(pattern, address, name.known ? name.name : null, rules);
}

/** The text comparison that the server makes before it knows the user name. null = not known. */
function opensHostCheck(candidate: Candidate, client: Client, rules: Rules): boolean | null {
  const { pattern, orderedAs } = candidate;
  if (pattern.text === '' && orderedAs !== undefined)
    return matchesClient(candidate, client, rules);
  const texts = [client.address.text, client.name.known ? client.name.name : null];
  if (pattern.text === '' || pattern.text === '%') return true;
  // To a server that sees no wildcard in '10.1.2.3/32', its text does not equal the client's.
  const isEqual = texts.some((text) => text !== null && equalIgnoringCase(pattern.text, text));
  const isMatch = matchesClient({ pattern }, client, rules);
  switch (isWildcard(pattern, rules)) {
    case true:
      return isMatch;
    case false:
      return isEqual;
    case null:
      return isEqual || (isMatch ? null : false);
  }
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

/**
 * The order in which a server tries the accounts of one login: below 0, `a` comes first;
 * 0, the server's own order is not specified. Source: ACL_USER_compare (MySQL), get_magic_sort
 * (MariaDB), confirmed by connections.
 */
export function compareSpecificity(a: Candidate, b: Candidate, rules: Rules): number {
  if (isUnsettled(a, b, rules)) return 0;
  if (rules === 'mariadb') return compareMagic(a, b);
  const anonymousLast = Number(a.account.user === '') - Number(b.account.user === '');
  if (rules === 'mysql-old') return comparePrefix(a, b) || anonymousLast;
  const aIsAddress = a.pattern.base !== 0;
  const bIsAddress = b.pattern.base !== 0;
  if (aIsAddress !== bIsAddress) return aIsAddress ? -1 : 1;
  if (!aIsAddress) return comparePrefix(a, b) || anonymousLast;
  const byKind = KIND_ORDER[kindOf(a)] - KIND_ORDER[kindOf(b)];
  if (byKind !== 0) return byKind;
  const byMask = (b.pattern.mask ?? 0) - (a.pattern.mask ?? 0);
  const byWidth = kindOf(a) === 'cidr' ? CIDR_ORDER[rules] * byMask : byMask;
  return byWidth || (byMask === 0 ? anonymousLast : 0);
}

/**
 * After RENAME USER, until the accounts are loaded again: a renamed anonymous account keeps its place in
 * some lists of MySQL, and not in others; MariaDB sometimes tries an anonymous account before a renamed one.
 */
function isUnsettled(a: Candidate, b: Candidate, rules: Rules): boolean {
  const isRenamed = ({ orderedAs }: Candidate) => orderedAs !== undefined;
  const isAnonymous = ({ account }: Candidate) => account.user === '';
  return rules === 'mariadb'
    ? [a, b].some(isRenamed) && [a, b].some(isAnonymous)
    : [a, b].some((each) => isRenamed(each) && isAnonymous(each));
}

/** 1: the narrowest CIDR comes first; -1: the widest; 0: it depends on the patch level. */
const CIDR_ORDER = { mysql: 1, 'mysql-8.0.44': 0, 'mysql-8.0.31': 0, 'mysql-8.0.23': -1 } as const;

/** MySQL: a plain address before any CIDR, any CIDR before any dotted mask. */
const KIND_ORDER: Readonly<Record<HostPattern['kind'], number>> = { text: 0, cidr: 1, netmask: 2 };

/** `10.1.2.3%` has no mask of its own, so after RENAME USER it keeps the kind of the former pattern. */
function kindOf({ pattern, orderedAs }: Candidate): HostPattern['kind'] {
  return pattern.mask === null ? (orderedAs?.kind ?? pattern.kind) : pattern.kind;
}

function comparePrefix(a: Candidate, b: Candidate): number {
  return prefixRank(orderOf(b).text) - prefixRank(orderOf(a).text);
}

function orderOf({ pattern, orderedAs }: Candidate): HostPattern {
  return orderedAs ?? pattern;
}

/** 128 without a wildcard, otherwise 2 + its position up to 127; 1 for `%` alone, 0 for no text. */
function prefixRank(text: string): number {
  if (text === '') return 0;
  if (text === '%') return 1;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\' && at + 1 < text.length) at += 1;
    else if (text[at] === '%' || text[at] === '_') return Math.min(at + 2, 127);
  }
  return 128;
}

function compareMagic(a: Candidate, b: Candidate): number {
  const byMagic = magic(a) - magic(b);
  if (byMagic !== 0) return byMagic;
  // RENAME USER keeps the number, and the texts are compared anew: seen on 10.11.
  const [one, other] = [a.pattern.text, b.pattern.text];
  if (one === other) return 0;
  return one < other ? 1 : -1;
}

/** MariaDB: the fewer texts a pattern matches, the smaller its number. */
function magic(candidate: Candidate): number {
  const { account } = candidate;
  const shape = shapeOf(orderOf(candidate).text);
  const anyRuns = Math.min(shape.anyRuns, 31);
  const ones = Math.min(shape.ones, 31);
  const longest = anyRuns > 0 ? 255 - shape.characters - ones : 0;
  const rank =
    longest > ones
      ? (((longest * 2 + 1) * 256 + anyRuns) * 32 + ones) * 256 + shape.prefix
      : ((ones * 2 * 256 + longest) * 32 + anyRuns) * 256 + shape.prefix;
  return rank * 2 + (account.user === '' ? 1 : 0);
}

interface Shape {
  readonly characters: number;
  readonly anyRuns: number;
  readonly ones: number;
  /** Characters before the first wildcard; 0 if there is none. */
  readonly prefix: number;
}

function shapeOf(text: string): Shape {
  const tokens = tokensOf(text);
  const firstWildcard = tokens.findIndex((token) => token.kind !== 'character');
  return {
    characters: tokens.filter((token) => token.kind === 'character').length,
    anyRuns: tokens.filter((token, i) => token.kind === 'any' && tokens[i - 1]?.kind !== 'any')
      .length,
    ones: tokens.filter((token) => token.kind === 'one').length,
    prefix: Math.max(firstWildcard, 0),
  };
}
