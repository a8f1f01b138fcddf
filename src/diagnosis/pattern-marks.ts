import { groupBy } from '../chat/lists.ts';
import type { Account } from '../hostcache/account.ts';
import { parseAddress } from '../hostcache/address.ts';
import {
  couldMatchSomeName,
  type HostPattern,
  isWildcard,
  matches,
  parseHostPattern,
  type Rules,
} from '../hostcache/host-pattern.ts';
import { releaseOf } from '../hostcache/release.ts';
import type { ServerSettings } from '../hostcache/settings.ts';

/** Host patterns with their accounts, the risky and the dead ones marked. */

export interface PatternGroup {
  readonly host: string;
  readonly users: readonly string[];
  /** What is to be said of it; empty = nothing. The marked ones come first. */
  readonly marks: readonly string[];
}

export function groupByPattern(
  accounts: readonly Account[],
  settings: ServerSettings,
): readonly PatternGroup[] {
  const { rules } = releaseOf(settings);
  const matched = accounts.filter(({ isRole }) => !isRole || rules !== 'mariadb');
  const groups = [...groupBy(matched, ({ host }) => host)].map(([host, rows]) => ({
    host,
    users: rows.map(({ user }) => user),
    marks: marksOf(host, rows, settings, rules),
  }));
  return groups.sort((a, b) => b.marks.length - a.marks.length || compare(a.host, b.host));
}

function marksOf(
  host: string,
  accounts: readonly Account[],
  settings: ServerSettings,
  rules: Rules,
): readonly string[] {
  const pattern = parseHostPattern(host, rules);
  const isOpen = pattern.text === '%' || pattern.text === '';
  const byName = couldMatchSomeName(pattern, ANY_IPV4, rules) && !isOpen;
  const marks = [
    ...(isOpen && accounts.some(({ isRole }) => !isRole) ? ['any host may try'] : []),
    ...(isOpen && accounts.some(({ isRole }) => isRole)
      ? ['a role opens the host check for all']
      : []),
    ...(accounts.some(({ user }) => user === '') ? ['anonymous'] : []),
  ];
  if (byName && settings.skipNameResolve) marks.push('a name, never looked up here');
  if (!byName && !isOpen && isDead(pattern, rules)) marks.push('can never match');
  else if (isFullMask(host) && !isWildcard(pattern, rules)) {
    marks.push('matches, but does not open the host check (1130)');
  }
  return marks;
}

/** An address that no pattern of ours means: only names can make these match. */
const ANY_IPV4 = { text: '0.0.0.1', family: 4 } as const;

/** Text that is neither a name nor an address of any client: a CIDR with host bits, IPv6 not canonical. */
function isDead(pattern: HostPattern, rules: Rules): boolean {
  if (/[%_]/.test(pattern.text) || pattern.text === 'localhost') return false;
  const [base = '', tail] = pattern.text.split('/');
  const address = parseAddress(base);
  if (tail === undefined)
    return address === null ? !couldBeNumber(base, rules) : address.text !== base;
  if (pattern.mask === null) return true;
  return address !== null && !matches(pattern, address, null, rules);
}

/** MySQL reads +10.1.2.03 as an address. */
function couldBeNumber(text: string, rules: Rules): boolean {
  return parseHostPattern(text, rules).mask !== null;
}

function isFullMask(host: string): boolean {
  return /\/(?:32|255\.255\.255\.255)$/.test(host);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
