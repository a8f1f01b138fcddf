import type { Address } from './address.ts';
import { isHostName, looksNumeric } from './host-name.ts';
import { matchesAddressText, matchesGlob, matchesName, tokensOf } from './wildcard.ts';

/**
 * How a server matches accounts. `mysql`: 9.7.4 and newer. `mysql-8.0.23` (tried on 8.0.30): a full
 * mask opens the host check, and of overlapping CIDRs the widest wins. `mysql-8.0.44` (from its
 * source): as `mysql`, but the order of CIDRs depends on the patch level. `mysql-8.0.31`: between
 * the two, so neither is known. `mysql-old`: before 8.0.23, without CIDR.
 */
export type Rules =
  | 'mysql'
  | 'mysql-8.0.44'
  | 'mysql-8.0.31'
  | 'mysql-8.0.23'
  | 'mysql-old'
  | 'mariadb';

/** The parsed host part of an account. */
export interface HostPattern {
  readonly text: string;
  readonly kind: 'text' | 'cidr' | 'netmask';
  /** The IPv4 base as a number; 0 if the text does not begin with four octets. */
  readonly base: number;
  /** null: never compared as a number. */
  readonly mask: number | null;
}

const FULL_MASK = 0xffffffff;

export function parseHostPattern(host: string, rules: Rules): HostPattern {
  // MariaDB stores the empty host as '%'.
  const text = rules === 'mariadb' && host === '' ? '%' : host;
  const plain: HostPattern = { text, kind: 'text', base: 0, mask: null };
  const octets = parseOctets(text);
  if (octets === null) return plain;
  const { value: base, rest } = octets;
  if (rules === 'mariadb' || rules === 'mysql-old') {
    const mask = rest.startsWith('/') ? wholeOctets(rest.slice(1)) : null;
    return mask === null || mask === 0 ? plain : { text, kind: 'netmask', base, mask };
  }
  if (rest === '') return { text, kind: 'text', base, mask: FULL_MASK };
  // '10.1.2.3%' is compared as text, but sorts among the addresses.
  if (!rest.startsWith('/')) return { ...plain, base };
  return parseMask(text, base, rest.slice(1), rules) ?? plain;
}

/** Whether the pattern matches the client, by its name or its address. */
export function matches(
  pattern: HostPattern,
  address: Address,
  name: string | null,
  rules: Rules,
): boolean {
  const number = pattern.mask === null ? null : ipv4Number(address);
  // For an IPv4 client only the number counts; the name is not compared.
  if (pattern.mask !== null && number !== null) {
    return (number & pattern.mask) >>> 0 === pattern.base;
  }
  if (pattern.text === '') return true;
  if (rules === 'mariadb' || rules === 'mysql-old') {
    const byName = name !== null && matchesGlob(name, pattern.text, true);
    return byName || matchesGlob(address.text, pattern.text, false);
  }
  const byName = name !== null && matchesName(name, pattern.text);
  return byName || matchesAddressText(address.text, pattern.text);
}

/**
 * Whether the server treats it as a wildcard; an escaped wildcard also counts. null = not known
 * for these releases.
 */
export function isWildcard(pattern: HostPattern, rules: Rules): boolean | null {
  if (/[%_]/.test(pattern.text)) return true;
  if (pattern.mask !== FULL_MASK) return pattern.mask !== null;
  if (rules === 'mysql-8.0.31') return null;
  return rules !== 'mysql' && rules !== 'mysql-8.0.44';
}

/** Whether DNS could give this client a name that makes the pattern match. */
export function couldMatchSomeName(pattern: HostPattern, address: Address, rules: Rules): boolean {
  // The filler is no letter of localhost, so 'loc_lhost' never becomes that name.
  return ['', 'x', 'xx'].some((filler) => {
    const name = tokensOf(pattern.text)
      .map((token) =>
        token.kind === 'character' ? token.value : token.kind === 'one' ? 'x' : filler,
      )
      .join('')
      .toLowerCase();
    // Only a loopback client is called localhost: the hosts file resolves that name.
    if (!isHostName(name) || looksNumeric(name) || name === 'localhost') return false;
    return matches(pattern, address, name, rules);
  });
}

/** An address that no host pattern is written for: only a name can match it by text. */
const ANY_IPV4 = { text: '0.0.0.1', family: 4 } as const;

/** Whether a client needs a name to match it; `%` and patterns for addresses match without one. */
export function needsName(pattern: HostPattern, rules: Rules): boolean {
  const isOpen = pattern.text === '%' || pattern.text === '';
  return !isOpen && couldMatchSomeName(pattern, ANY_IPV4, rules);
}

/** The pattern from a mask or a number of bits after the slash; null = the server compares it as text. */
function parseMask(
  text: string,
  base: number,
  tail: string,
  rules: Exclude<Rules, 'mysql-old' | 'mariadb'>,
): HostPattern | null {
  const mask = wholeOctets(tail);
  const inverse = mask === null ? 0 : ~mask >>> 0;
  const isContiguous = ((inverse + 1) & inverse) === 0;
  if (mask !== null && mask !== 0 && isContiguous) return { text, kind: 'netmask', base, mask };
  const bits = Number(/^[ \t\n\v\f\r]*\+?(\d+)$/.exec(tail)?.[1] ?? Number.NaN);
  if (!(bits <= 32)) return null;
  if (bits > 0) return { text, kind: 'cidr', base, mask: (FULL_MASK << (32 - bits)) >>> 0 };
  // '/0' matches nothing since 9.7.4; before, its mask was truncated to one that matches all.
  return { text, kind: 'cidr', base, mask: rules === 'mysql' ? null : 0 };
}

function ipv4Number(address: Address): number | null {
  return address.family === 4 ? wholeOctets(address.text) : null;
}

function wholeOctets(text: string): number | null {
  const octets = parseOctets(text);
  return octets !== null && octets.rest === '' ? octets.value : null;
}

/** Four decimal numbers as strtol reads them: leading blanks, a sign and zeros are allowed. */
function parseOctets(text: string): { readonly value: number; readonly rest: string } | null {
  let rest = text;
  let value = 0;
  for (let octet = 0; octet < 4; octet += 1) {
    if (octet > 0 && !rest.startsWith('.')) return null;
    if (octet > 0) rest = rest.slice(1);
    const match = /^[ \t\n\v\f\r]*([+-]?)(\d+)/.exec(rest);
    if (match === null) return null;
    const number = Number(match[2]);
    if (number > 255 || (match[1] === '-' && number !== 0)) return null;
    value = value * 256 + number;
    rest = rest.slice(match[0].length);
  }
  return { value, rest };
}
