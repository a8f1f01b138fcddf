import { describe, expect, it } from 'vitest';
import {
  couldMatchSomeName,
  isWildcard,
  matches,
  parseHostPattern,
  type Rules,
} from '../../src/hostcache/host-pattern.ts';
import { addressOf } from '../scenarios/clients.ts';
import { ALL_RULES } from './login.ts';

const V4 = addressOf('192.0.2.7');
const V6 = addressOf('2001:db8::5');

describe('parseHostPattern', () => {
  const MYSQL: Rules = 'mysql';
  it.each([
    { host: '192.0.2.7', rules: MYSQL, kind: 'text', base: 0xc0000207, mask: 0xffffffff },
    { host: '192.0.2.7', rules: 'mariadb' as const, kind: 'text', base: 0, mask: null },
    { host: '192.0.2.0/24', rules: MYSQL, kind: 'cidr', base: 0xc0000200, mask: 0xffffff00 },
    { host: '192.0.2.0/024', rules: MYSQL, kind: 'cidr', base: 0xc0000200, mask: 0xffffff00 },
    { host: '192.0.2.0/32', rules: MYSQL, kind: 'cidr', base: 0xc0000200, mask: 0xffffffff },
    { host: '192.0.2.0/33', rules: MYSQL, kind: 'text', base: 0, mask: null },
    { host: '192.0.2.0/0', rules: MYSQL, kind: 'cidr', base: 0xc0000200, mask: null },
    {
      host: '192.0.2.0/0',
      rules: 'mysql-8.0.23' as const,
      kind: 'cidr',
      base: 0xc0000200,
      mask: 0,
    },
    { host: '192.0.2.0/24', rules: 'mysql-old' as const, kind: 'text', base: 0, mask: null },
    {
      host: '192.0.2.0/255.255.255.0',
      rules: MYSQL,
      kind: 'netmask',
      base: 0xc0000200,
      mask: 0xffffff00,
    },
    { host: '192.0.2.0/255.0.255.0', rules: MYSQL, kind: 'text', base: 0, mask: null },
    {
      host: '192.0.2.0/255.0.255.0',
      rules: 'mariadb' as const,
      kind: 'netmask',
      base: 0xc0000200,
      mask: 0xff00ff00,
    },
    { host: '192.0.2.0/0.0.0.0', rules: MYSQL, kind: 'text', base: 0, mask: null },
    { host: '192.0.2.7%', rules: MYSQL, kind: 'text', base: 0xc0000207, mask: null },
    { host: '192.0.2.%', rules: MYSQL, kind: 'text', base: 0, mask: null },
    { host: '2001:db8::/32', rules: MYSQL, kind: 'text', base: 0, mask: null },
  ])('$rules: $host', ({ host, rules, ...read }) => {
    expect(parseHostPattern(host, rules)).toEqual({ text: host, ...read });
  });

  it('reads an empty host as % on MariaDB only', () => {
    expect(parseHostPattern('', 'mariadb').text).toBe('%');
    expect(parseHostPattern('', 'mysql').text).toBe('');
  });
});

describe('isWildcard', () => {
  it.each([
    { host: '192.0.2.%', mysql: true, mariadb: true },
    { host: '192.0.2.0/24', mysql: true, mariadb: false },
    { host: '192.0.2.7/32', mysql: false, mariadb: false },
    { host: '192.0.2.7/255.255.255.255', mysql: false, mariadb: true },
    { host: '192.0.2.7', mysql: false, mariadb: false },
    // The server also counts an escaped wildcard.
    { host: 'my\\_host', mysql: true, mariadb: true },
    { host: 'merp.example.com', mysql: false, mariadb: false },
  ])('$host: MySQL $mysql, MariaDB $mariadb', ({ host, mysql, mariadb }) => {
    expect(isWildcard(parseHostPattern(host, 'mysql'), 'mysql')).toBe(mysql);
    expect(isWildcard(parseHostPattern(host, 'mariadb'), 'mariadb')).toBe(mariadb);
  });
});

describe('matches', () => {
  it.each([
    // For an IPv4 client only the number counts; the name is not compared.
    { host: '192.0.2.0/25', address: V4, name: null, yes: true },
    { host: '192.0.2.7/24', address: V4, name: null, yes: false },
    { host: '192.0.2.007', address: V4, name: null, yes: true },
    // No CIDR for IPv6.
    { host: '2001:db8::/32', address: V6, name: null, yes: false },
    { host: '192.0.2.0/24', address: V6, name: null, yes: false },
    { host: '2001:db8::%', address: V6, name: null, yes: true },
    { host: '2001:DB8::%', address: V6, name: null, yes: false },
    { host: 'MERP.example.com', address: V6, name: 'merp.EXAMPLE.com', yes: true },
    { host: 'merp.example.com', address: V4, name: null, yes: false },
    { host: '', address: V4, name: null, yes: true },
  ])("'$host' and $address.text, called $name: $yes", ({ host, address, name, yes }) => {
    expect(matches(parseHostPattern(host, 'mysql'), address, name, 'mysql')).toBe(yes);
  });
});

describe('couldMatchSomeName', () => {
  it.each([
    { host: 'merp.example.com', could: true },
    { host: '%.example.com', could: true },
    { host: 'MERP%', could: true },
    { host: '_%', could: true },
    { host: '%_', could: true },
    { host: 'a\\_b.example.com', could: true },
    { host: 'foo%%', could: true },
    { host: '12host.example.com', could: true },
    // `a` in place of `_` would make it the one name that no other client can have.
    { host: 'loc_lhost', could: true },
    { host: 'localhos%', could: true },
    // Names that the server never accepts from DNS.
    { host: 'localhost', could: false },
    { host: '12.example.com', could: false },
    { host: '12.%', could: false },
    { host: '-%', could: false },
    { host: '.example.com', could: false },
    { host: '%..example.com', could: false },
    { host: 'm\u00fcnchen.example.com', could: false },
    { host: 'my host', could: false },
    { host: `${'a'.repeat(255)}b`, could: false },
    // Addresses are not names.
    { host: '192.0.2.8', could: false },
    { host: '192.0.2.0/24', could: false },
    { host: '2001:db8::6', could: false },
    { host: '2001:%', could: false },
    { host: '\\%', could: false },
  ])("'$host': $could", ({ host, could }) => {
    for (const rules of ALL_RULES) {
      expect(couldMatchSomeName(parseHostPattern(host, rules), V4, rules)).toBe(could);
    }
  });
});
