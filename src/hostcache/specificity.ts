import type { Account } from './account.ts';
import type { HostPattern, Rules } from './host-pattern.ts';
import { tokensOf } from './wildcard.ts';

interface Row {
  readonly account: Account;
  readonly pattern: HostPattern;
}

/**
 * The order in which a server tries the accounts of one login: below 0, `a` comes first;
 * 0, the server's own order is not specified. Source: ACL_USER_compare (MySQL), get_magic_sort
 * (MariaDB), confirmed by connections.
 */
export function compareSpecificity(a: Row, b: Row, rules: Rules): number {
  if (rules === 'mariadb') return compareMagic(a, b);
  const anonymousLast = Number(a.account.user === '') - Number(b.account.user === '');
  if (rules === 'mysql-old') return comparePrefix(a.pattern, b.pattern) || anonymousLast;
  const aIsAddress = a.pattern.base !== 0;
  const bIsAddress = b.pattern.base !== 0;
  if (aIsAddress !== bIsAddress) return aIsAddress ? -1 : 1;
  if (!aIsAddress) return comparePrefix(a.pattern, b.pattern) || anonymousLast;
  const byKind = KIND_ORDER[a.pattern.kind] - KIND_ORDER[b.pattern.kind];
  if (byKind !== 0) return byKind;
  const byMask = (b.pattern.mask ?? 0) - (a.pattern.mask ?? 0);
  // Releases between 8.0.23 and 9.7.4 compare CIDRs one way or the other.
  if (rules === 'mysql-8' && a.pattern.kind === 'cidr' && byMask !== 0) return 0;
  return byMask || anonymousLast;
}

/** MySQL: a plain address before any CIDR, any CIDR before any dotted mask. */
const KIND_ORDER: Readonly<Record<HostPattern['kind'], number>> = { text: 0, cidr: 1, netmask: 2 };

function comparePrefix(a: HostPattern, b: HostPattern): number {
  return prefixRank(b.text) - prefixRank(a.text);
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

function compareMagic(a: Row, b: Row): number {
  const byMagic = magic(a) - magic(b);
  if (byMagic !== 0) return byMagic;
  if (a.pattern.text === b.pattern.text) return 0;
  return a.pattern.text < b.pattern.text ? 1 : -1;
}

/** MariaDB: the fewer texts a pattern matches, the smaller its number. */
function magic({ account, pattern }: Row): number {
  const shape = shapeOf(pattern.text);
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
