import { describe, expect, it } from 'vitest';
import { releaseOf, whyHidden } from '../../src/hostcache/release.ts';
import { parseVersion } from '../../src/hostcache/settings.ts';
import { MARIADB, MYSQL } from '../scenarios/servers.ts';

describe('the rules of a release', () => {
  it.each([
    { version: '9.7.4', rules: 'mysql' },
    { version: '9.8.0', rules: 'mysql' },
    // MySQL names its next series by year.
    { version: '26.10.0', rules: 'mysql' },
    { version: '9.7.3', rules: 'mysql-8.0.44' },
    { version: '8.4.0', rules: 'mysql-8.0.44' },
    { version: '8.3.0', rules: 'mysql-8.0.31' },
    { version: '8.1.0', rules: 'mysql-8.0.31' },
    { version: '8.0.44', rules: 'mysql-8.0.44' },
    { version: '8.0.43', rules: 'mysql-8.0.31' },
    { version: '8.0.31', rules: 'mysql-8.0.31' },
    { version: '8.0.30', rules: 'mysql-8.0.23' },
    { version: '8.0.23', rules: 'mysql-8.0.23' },
    { version: '8.0.22', rules: 'mysql-old' },
    { version: '5.7.44-log', rules: 'mysql-old' },
    { version: '11.8.9-MariaDB', rules: 'mariadb' },
    { version: '5.5.5-10.11.19-MariaDB-0+deb12u1', rules: 'mariadb' },
  ])('$version follows $rules', ({ version, rules }) => {
    const settings = parseVersion(version, '');
    expect(releaseOf({ ...MYSQL, ...settings }).rules).toBe(rules);
  });
});

describe('the host cache of a server', () => {
  const OLD = { ...MYSQL, version: { text: '5.7.44', major: 5, minor: 7, patch: 44 } };

  it.each([
    { name: 'MySQL 9.7', settings: MYSQL, shown: true },
    {
      name: 'MySQL 9.7 without performance_schema',
      settings: { ...MYSQL, performanceSchema: false },
      shown: true,
    },
    { name: 'MySQL 5.7', settings: OLD, shown: true },
    {
      name: 'MySQL 5.7 without performance_schema',
      settings: { ...OLD, performanceSchema: false },
      shown: false,
    },
    { name: 'MariaDB', settings: MARIADB, shown: true },
    {
      name: 'MariaDB without performance_schema',
      settings: { ...MARIADB, performanceSchema: false },
      shown: false,
    },
  ])('is shown by $name: $shown', ({ settings, shown }) => {
    expect(whyHidden(settings, 0) === null).toBe(shown);
  });
});
