import { parseAddress } from './address.ts';
import {
  type HostPattern,
  isWildcard,
  matches,
  needsName,
  parseHostPattern,
  type Rules,
} from './host-pattern.ts';

/** What is risky or useless about a host pattern, regardless of the user in its account. */
export type PatternTrait =
  /** It matches every client, and opens the host check for all. */
  | 'open'
  /** Only a name matches it, and this server looks up no names. */
  | 'needs-name'
  | 'never-matches'
  /** A full mask: it matches an address, but does not open the host check (1130). */
  | 'keeps-shut';

/** null = nothing of all this. */
export function patternTrait(
  host: string,
  rules: Rules,
  { skipNameResolve }: { readonly skipNameResolve: boolean },
): PatternTrait | null {
  const pattern = parseHostPattern(host, rules);
  if (pattern.text === '%' || pattern.text === '') return 'open';
  if (needsName(pattern, rules)) return skipNameResolve ? 'needs-name' : null;
  if (neverMatches(pattern, rules)) return 'never-matches';
  const isFull = /\/(?:32|255\.255\.255\.255)$/.test(host);
  return isFull && isWildcard(pattern, rules) === false ? 'keeps-shut' : null;
}

/** Text that is neither a name nor the address of any client: a CIDR with host bits, IPv6 not canonical. */
function neverMatches(pattern: HostPattern, rules: Rules): boolean {
  if (/[%_]/.test(pattern.text) || pattern.text === 'localhost') return false;
  const [base = '', tail] = pattern.text.split('/');
  const address = parseAddress(base);
  if (tail === undefined) {
    // MySQL reads +10.1.2.03 as an address.
    return address === null ? pattern.mask === null : address.text !== base;
  }
  if (pattern.mask === null) return true;
  return address !== null && !matches(pattern, address, null, rules);
}
