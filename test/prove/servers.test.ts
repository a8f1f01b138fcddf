import { describe, expect, it } from 'vitest';
import { lackedBy } from '../../prove/accounts.ts';
import { keptOf } from '../../prove/eviction.ts';
import { readServers } from '../../prove/servers.ts';
import { defaultSource, RELEASES } from '../../sandbox/server/releases.ts';
import { releaseOf } from '../../src/hostcache/release.ts';
import { parseVersion } from '../../src/hostcache/settings.ts';
import { MYSQL } from '../scenarios/servers.ts';

/** Which servers a proof tries, and what it leaves out on them. */

const names = (text: string) => {
  const found = readServers(text);
  return typeof found === 'string' ? found : found.map(({ name }) => name);
};

describe('--servers', () => {
  it('all: every release that can be downloaded', () => {
    expect(names('all')).toEqual(expect.arrayContaining(RELEASES.map(({ name }) => name)));
  });

  it('some of them, and the own ones, in the given order', () => {
    expect(names('mariadb-10.5,mysql')).toEqual(['mariadb-10.5', 'mysql']);
  });

  it.each(['', 'mysql-5.5', 'all,mysql-9.7', 'mysql-9.7,'])('refuses "%s"', (text) => {
    expect(names(text)).toMatch(/^--servers: expected all, or some of mysql-9\.7, mysql-5\.6,/);
  });
});

it.each([
  { flavour: 'mysql', codename: 'bookworm', server: 'mysql-server-core', suite: 'sid' },
  { flavour: 'mysql', codename: null, server: 'mysql-server-core', suite: 'sid' },
  {
    flavour: 'mariadb',
    codename: 'bullseye',
    server: 'mariadb-server-core-10.5',
    suite: 'bullseye',
  },
  { flavour: 'mariadb', codename: 'trixie', server: 'mariadb-server-core', suite: 'trixie' },
  // A suite that is newer than the list.
  { flavour: 'mariadb', codename: 'duke', server: 'mariadb-server-core', suite: 'own' },
] as const)('$flavour on Debian $codename', ({ flavour, codename, ...source }) => {
  expect(defaultSource(flavour, codename)).toMatchObject(source);
});

it.each([
  { version: '5.6.24', lacks: ['role', 'locked'] },
  { version: '5.7.44', lacks: ['role'] },
  { version: '8.0.11', lacks: [] },
  { version: '10.5.23-MariaDB', lacks: [] },
])('$version lacks $lacks', ({ version, lacks }) => {
  expect(lackedBy(releaseOf({ ...MYSQL, ...parseVersion(version, '') }))).toEqual(lacks);
});

describe('a cache of two entries', () => {
  it.each([
    { connections: 'ab', least: 'ab', most: 'ab' },
    { connections: 'abc', least: 'bc', most: 'ac' },
    { connections: 'abac', least: 'ac', most: 'bc' },
    { connections: 'aabbc', least: 'bc', most: 'ac' },
    { connections: 'abca', least: 'ca', most: 'ac' },
  ])('after $connections', ({ connections, least, most }) => {
    const kept = (evicts: 'least recently used' | 'most recently used') =>
      keptOf([...connections], 2, evicts);
    expect(kept('least recently used')).toEqual(new Set(least));
    expect(kept('most recently used')).toEqual(new Set(most));
  });
});
