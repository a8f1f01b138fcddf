import { expect, it } from 'vitest';
import { readRelease } from '../../src/hostcache/known-releases.ts';

it.each([
  ['mysql 9.7.4', 'mysql', '9.7.4', 4],
  ['MariaDB 10.11.18', 'mariadb', '10.11.18', 18],
  // Without a patch level, the newest is meant.
  ['mysql 8.4', 'mysql', '8.4', 999],
  ['  mariadb   11.8 ', 'mariadb', '11.8', 999],
])('%s', (text, flavour, version, patch) => {
  expect(readRelease(text)).toMatchObject({ flavour, version: { text: version, patch } });
});

it.each([
  ['', 'got nothing'],
  ['mysql', 'got "mysql"'],
  ['8.4', 'got "8.4"'],
  ['mysql 8.4 now', 'got "mysql 8.4 now"'],
  ['percona 8.4', 'expected "mysql" or "mariadb"'],
  ['mysql 6.0', 'expected a series of MySQL, one of 5.5, '],
  ['mysql 8', 'got "8"'],
  ['mysql 8.4.x', 'got "8.4.x"'],
  ['mariadb 9.7', 'expected a series of MariaDB'],
])('"%s" is no release', (text, says) => {
  expect(readRelease(text)).toContain(says);
});
