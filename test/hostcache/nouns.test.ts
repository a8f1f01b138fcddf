import { describe, expect, it } from 'vitest';
import { createUnreadable, isUnreadable } from '../../src/chat/unreadable.ts';
import { accountLiteral, accountName, literal } from '../../src/hostcache/account.ts';
import {
  counter,
  type HostCacheEntry,
  isBlocked,
  isLastingNull,
} from '../../src/hostcache/entry.ts';
import { isHostName, looksNumeric } from '../../src/hostcache/host-name.ts';
import { isAtLeast, keepsHostCache, parseVersion } from '../../src/hostcache/settings.ts';
import { entry } from '../scenarios/entries.ts';
import { MYSQL } from '../scenarios/servers.ts';

/** The small types: settings, entry, account, host name, `Unreadable`. */

describe('parseVersion', () => {
  it.each([
    { text: '9.7.4', comment: 'MySQL Community Server - GPL', flavour: 'mysql', is: '9.7.4' },
    { text: '8.0.36-28.1-log', comment: 'Percona Server (GPL)', flavour: 'mysql', is: '8.0.36' },
    { text: '8.4.6-commercial', comment: '', flavour: 'mysql', is: '8.4.6' },
    { text: '11.8.9-MariaDB-deb12', comment: '', flavour: 'mariadb', is: '11.8.9' },
    {
      text: '5.5.5-10.11.19-MariaDB-0+deb12u1-log',
      comment: 'Debian 12',
      flavour: 'mariadb',
      is: '10.11.19',
    },
    {
      text: '10.6.17',
      comment: 'mariadb.org binary distribution',
      flavour: 'mariadb',
      is: '10.6.17',
    },
    { text: '5.5.5', comment: 'MySQL', flavour: 'mysql', is: '5.5.5' },
  ])('$text ($comment) is $flavour $is', ({ text, comment, flavour, is }) => {
    expect(parseVersion(text, comment)).toMatchObject({ flavour, version: { text: is } });
  });

  it.each(['', 'MariaDB', '9.7', 'v9.7.4', ' 9.7.4'])('"%s" is not a version', (text) => {
    expect(parseVersion(text, '')).toBeNull();
  });
});

it('isAtLeast compares numbers, the greater first', () => {
  const version = { text: '8.10.2', major: 8, minor: 10, patch: 2 };
  expect(isAtLeast(version, 8, 9, 99)).toBe(true);
  expect(isAtLeast(version, 8, 10, 2)).toBe(true);
  expect(isAtLeast(version, 8, 10, 3)).toBe(false);
  expect(isAtLeast(version, 8, 11, 0)).toBe(false);
  expect(isAtLeast(version, 9, 0, 0)).toBe(false);
  expect(isAtLeast(version, 5, 99, 99)).toBe(true);
});

describe('the host cache of a server', () => {
  it('is used unless it or name resolution is off', () => {
    expect(keepsHostCache(MYSQL)).toBe(true);
    expect(keepsHostCache({ ...MYSQL, hostCacheSize: 0 })).toBe(false);
    expect(keepsHostCache({ ...MYSQL, skipNameResolve: true })).toBe(false);
  });
});

describe('an entry', () => {
  it.each([
    { connectErrors: 99, limit: 100n, blocked: false },
    { connectErrors: 100, limit: 100n, blocked: true },
    { connectErrors: 101, limit: 100n, blocked: true },
    { connectErrors: 1, limit: 1n, blocked: true },
    { connectErrors: 0, limit: 1n, blocked: false },
    { connectErrors: Number.MAX_SAFE_INTEGER, limit: 18446744073709551615n, blocked: false },
  ])('of $connectErrors errors, the limit $limit: $blocked', ({ blocked, limit, ...change }) => {
    expect(isBlocked(entry(change), limit)).toBe(blocked);
  });

  it('is blocked by its sum only: the row may have lost its validation since', () => {
    expect(isBlocked(entry({ connectErrors: 100, validated: false, host: null }), 100n)).toBe(true);
  });

  it.each<{ change: Partial<HostCacheEntry>; lasting: boolean }>([
    { change: { host: null, validated: true }, lasting: true },
    { change: { host: null, validated: false }, lasting: false },
    { change: { host: 'merp.example.com', validated: true }, lasting: false },
  ])('$change is a lasting NULL: $lasting', ({ change, lasting }) => {
    expect(isLastingNull(entry(change))).toBe(lasting);
  });

  it('has 0 in a column that this server does not have', () => {
    expect(counter(entry({ counters: { COUNT_SSL_ERRORS: 2 } }), 'COUNT_SSL_ERRORS')).toBe(2);
    expect(counter(entry({ counters: {} }), 'COUNT_SSL_ERRORS')).toBe(0);
  });
});

describe('an account', () => {
  it.each([
    { user: 'jdoe', host: 'merp.example.com', name: "'jdoe'@'merp.example.com'" },
    { user: '', host: '%', name: "''@'%'" },
    { user: "o'brien", host: '%', name: "'o'brien'@'%'", sql: "'o''brien'@'%'" },
    { user: 'a\\', host: 'a\\_b', name: "'a\\'@'a\\_b'", sql: "'a\\\\'@'a\\\\_b'" },
  ])('$name', ({ name, sql = name, ...account }) => {
    expect(accountName(account)).toBe(name);
    expect(accountLiteral(account)).toBe(sql);
  });

  it('cannot end the SQL literal', () => {
    expect(literal("'; DROP TABLE x; --")).toBe("'''; DROP TABLE x; --'");
  });
});

describe('a host name', () => {
  it.each(['merp.example.com', 'ab', 'my_host.example.com', '12host.example.com', 'A-1.', 'x'])(
    '%s is one',
    (name) => {
      expect(isHostName(name)).toBe(true);
      expect(looksNumeric(name)).toBe(false);
    },
  );

  it.each([
    '',
    '.',
    '.a',
    'a..b',
    '-a',
    'a b',
    '<!channel>',
    "a'b",
    'a%',
    'm\u00fcn.de',
    'a'.repeat(256),
  ])('"%s" is not a version', (name) => expect(isHostName(name)).toBe(false));

  it.each(['12.example.com', '192.0.2.7', '1.'])('%s looks like an address', (name) => {
    expect(looksNumeric(name)).toBe(true);
  });
});

it('an Unreadable is not a bug', () => {
  const cause = new Error('ETIMEDOUT');
  const unreadable = createUnreadable('main: it did not answer.', cause);
  expect(isUnreadable(unreadable)).toBe(true);
  expect(unreadable.cause).toBe(cause);
  expect(isUnreadable(cause)).toBe(false);
  expect(isUnreadable({ kind: 'unreadable', message: 'no error' })).toBe(false);
});
