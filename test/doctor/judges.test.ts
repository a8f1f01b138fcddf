import { describe, expect, it } from 'vitest';
import { parseGrants } from '../../src/adapters/mysql/grant-line.ts';
import { judgeExcess } from '../../src/adapters/mysql/reader-excess.ts';
import { judgeClock, judgeSettings as judgeServer } from '../../src/adapters/mysql/server-check.ts';
import { judgeConnection } from '../../src/compose/connections.ts';
import type { ServerSettings } from '../../src/hostcache/settings.ts';
import { loginOf } from '../logins.ts';
import { MYSQL } from '../scenarios/servers.ts';

/** How doctor assesses what it has read of MySQL servers and of its connections. */

const ACCOUNT = "'bot'@'10.0.%'";

const LEAST = [
  'GRANT PROCESS ON *.* TO `bot`@`10.0.%`',
  'GRANT SELECT ON `performance_schema`.`host_cache` TO `bot`@`10.0.%`',
  'GRANT SELECT (`Host`, `User`, `plugin`) ON `mysql`.`user` TO `bot`@`10.0.%`',
];

describe('excessive grants', () => {
  it.each([
    { name: 'no more than is needed', extra: [], statements: [] },
    {
      name: 'RELOAD',
      extra: ['GRANT RELOAD, PROCESS ON *.* TO `bot`@`10.0.%`'],
      statements: [`REVOKE RELOAD ON *.* FROM ${ACCOUNT};`],
    },
    {
      name: 'a dynamic privilege',
      extra: ['GRANT SYSTEM_VARIABLES_ADMIN ON *.* TO `bot`@`10.0.%`'],
      statements: [`REVOKE SYSTEM_VARIABLES_ADMIN ON *.* FROM ${ACCOUNT};`],
    },
    {
      name: 'DROP on the cache',
      extra: ['GRANT SELECT, DROP ON `performance_schema`.`host_cache` TO `bot`@`10.0.%`'],
      statements: [`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${ACCOUNT};`, `needed by ${ACCOUNT}`],
    },
    {
      name: 'a grant on one schema that may be passed on',
      extra: ['GRANT INSERT ON `shop`.* TO `bot`@`10.0.%` WITH GRANT OPTION'],
      statements: [`REVOKE INSERT, GRANT OPTION ON \`shop\`.* FROM ${ACCOUNT};`],
    },
    {
      name: 'a schema whose name has backticks and dots',
      extra: ['GRANT INSERT ON `a``.b`.* TO `bot`@`10.0.%`'],
      statements: [`REVOKE INSERT ON \`a\`\`.b\`.* FROM ${ACCOUNT};`],
    },
    {
      name: 'a routine',
      extra: ['GRANT ALTER ROUTINE ON PROCEDURE `sys`.`x` TO `bot`@`10.0.%`'],
      statements: [`REVOKE ALTER ROUTINE ON PROCEDURE \`sys\`.\`x\` FROM ${ACCOUNT};`],
    },
    {
      name: 'SELECT on everything, whose revoke also removes reading',
      extra: ['GRANT SELECT ON *.* TO `bot`@`10.0.%`'],
      statements: [`REVOKE SELECT ON *.* FROM ${ACCOUNT};`, `needed by ${ACCOUNT}`],
    },
    {
      name: 'the hashes',
      extra: ['GRANT SELECT (`authentication_string`) ON `mysql`.`user` TO `bot`@`10.0.%`'],
      statements: [`REVOKE SELECT ON \`mysql\`.\`user\` FROM ${ACCOUNT};`, `needed by ${ACCOUNT}`],
    },
    {
      name: 'DROP through a role',
      extra: ['GRANT `dba`@`%` TO `bot`@`10.0.%`'],
      role: ['GRANT DROP ON `performance_schema`.* TO `bot`@`10.0.%`'],
      statements: [`REVOKE \`dba\`@\`%\` FROM ${ACCOUNT};`, `needed by ${ACCOUNT}`],
    },
    {
      name: 'a grant to PUBLIC, which a revoke from the account leaves',
      extra: ['GRANT DROP ON `performance_schema`.* TO PUBLIC'],
      statements: ['REVOKE DROP ON `performance_schema`.* FROM PUBLIC;'],
    },
    {
      name: 'all privileges through PUBLIC',
      extra: ['GRANT ALL PRIVILEGES ON *.* TO PUBLIC WITH GRANT OPTION'],
      statements: ['REVOKE ALL PRIVILEGES, GRANT OPTION ON *.* FROM PUBLIC;'],
    },
    {
      name: 'reading through PUBLIC',
      extra: ['GRANT SELECT ON `mysql`.* TO PUBLIC'],
      statements: ['REVOKE SELECT ON `mysql`.* FROM PUBLIC;', `needed by ${ACCOUNT}`],
    },
    {
      name: 'a role of PUBLIC',
      extra: ['GRANT `dba`@`%` TO PUBLIC'],
      role: ['GRANT DROP ON `performance_schema`.* TO `dba`@`%`'],
      statements: ['REVOKE `dba`@`%` FROM PUBLIC;', `needed by ${ACCOUNT}`],
    },
    {
      name: 'no more than is needed through a role',
      extra: ['GRANT `dba`@`%` TO `bot`@`10.0.%`'],
      role: ['GRANT SELECT ON `performance_schema`.* TO `bot`@`10.0.%`'],
      statements: [],
    },
    {
      name: 'an administrator through a role',
      extra: ['GRANT `dba`@`%` TO `bot`@`10.0.%`'],
      role: ['GRANT CREATE USER ON *.* TO `bot`@`10.0.%`'],
      statements: [
        `CREATE USER 'hostcache'@'10.0.%' IDENTIFIED BY '…';`,
        `needed by 'hostcache'@'10.0.%'`,
      ],
    },
    {
      name: 'an administrator, from whom nothing should be revoked',
      extra: ["GRANT ALL PRIVILEGES ON *.* TO `bot`@`10.0.%` IDENTIFIED BY PASSWORD '*HASH'"],
      statements: [
        `CREATE USER 'hostcache'@'10.0.%' IDENTIFIED BY '…';`,
        `needed by 'hostcache'@'10.0.%'`,
      ],
    },
  ])('$name', ({ name, extra, role = [], statements }) => {
    const grants = parseGrants(role);
    const dba = { role: '`dba`@`%`', grants, isActive: false, isMandatory: false };
    const all = { own: parseGrants([...LEAST, ...extra]), roles: [dba] };
    const results = judgeExcess(all, ACCOUNT, (of) => [`needed by ${of}`]);
    expect(results.flatMap((result) => result.statements)).toEqual(statements);
    expect(results.map(({ level }) => level)).toEqual(name.startsWith('no more') ? [] : ['yellow']);
    expect(JSON.stringify(results)).not.toContain('HASH');
  });
});

describe('a clock', () => {
  it.each([
    { name: 'within the query', theirs: 1050, level: 'green' },
    { name: '2 s behind', theirs: -1000, level: 'green' },
    { name: 'over 2 s behind', theirs: -1001, level: 'yellow' },
    { name: '2 s ahead', theirs: 3100, level: 'green' },
    { name: 'over 2 s ahead', theirs: 3101, level: 'yellow' },
  ])('$name', ({ theirs, level }) => {
    expect(judgeClock(theirs, 1000, 1100).level).toBe(level);
  });
});

describe('a server', () => {
  const mariadb = {
    flavour: 'mariadb',
    version: { text: '10.11.18', major: 10, minor: 11, patch: 18 },
  } as const;
  const cases: readonly {
    readonly name: string;
    readonly change: Partial<ServerSettings>;
    readonly level: string;
    readonly says: RegExp;
  }[] = [
    {
      name: 'MariaDB that hides its cache',
      change: { ...mariadb, performanceSchema: false },
      level: 'red',
      says: /performance_schema is off/,
    },
    {
      name: 'skip_name_resolve',
      change: { skipNameResolve: true },
      level: 'yellow',
      says: /skip_name_resolve/,
    },
    {
      name: 'no cache',
      change: { hostCacheSize: 0 },
      level: 'yellow',
      says: /host_cache_size is 0/,
    },
    {
      name: 'a release without a proof',
      change: { version: { text: '8.4.2', major: 8, minor: 4, patch: 2 } },
      level: 'green',
      says: /read from its source; not proved here/,
    },
    { name: 'eviction of the newest', change: {}, level: 'green', says: /most recently used/ },
    {
      name: 'eviction of the oldest',
      change: mariadb,
      level: 'green',
      says: /least recently used/,
    },
  ];
  it.each(cases)('$name', ({ change, level, says }) => {
    const results = judgeServer({ ...MYSQL, ...change }, 0);
    expect(results.filter((result) => says.test(result.says)).map((r) => r.level)).toEqual([level]);
  });
});

describe('a connection', () => {
  const REMOTE = 'mysql://bot:secret@db.example.com:3306';
  const options = (ssl: object) => `?ssl=${encodeURIComponent(JSON.stringify(ssl))}`;

  it.each([
    { url: REMOTE, level: 'yellow', says: /no TLS.*needs the password itself is refused/ },
    {
      url: `${REMOTE}?allowPublicKeyRetrieval=true`,
      level: 'yellow',
      says: /no TLS.*a false server can get the password/,
    },
    { url: `${REMOTE}?ssl=true`, level: 'green', says: /TLS, with a verified certificate and/ },
    { url: `${REMOTE}?ssl=Amazon%20RDS`, level: 'green', says: /TLS, with a verified/ },
    { url: `${REMOTE}${options({ ca: 'x' })}`, level: 'green', says: /TLS, with a verified/ },
    {
      url: `${REMOTE}${options({ ca: 'x', verifyIdentity: false })}`,
      level: 'yellow',
      says: /TLS without a verified certificate and host name/,
    },
    {
      url: `${REMOTE}${options({ rejectUnauthorized: false })}&allowPublicKeyRetrieval=true`,
      level: 'yellow',
      says: /TLS without a verified certificate and host name/,
    },
    { url: 'mysql://bot@db.example.com:3306', level: 'green', says: /no TLS, and has no password/ },
    ...['127.0.0.1', '127.9.9.9', '[::1]', '[::ffff:127.0.0.1]', 'localhost', 'LOCALHOST'].map(
      (host) => ({ url: `mysql://bot:secret@${host}:3306`, level: 'green', says: /is local/ }),
    ),
    ...['127.example.com', '127.1', '0.0.0.0', '[::127.0.0.1]', 'localhost.example.com'].map(
      (host) => ({ url: `mysql://bot:secret@${host}:3306`, level: 'yellow', says: /no TLS/ }),
    ),
    {
      url: 'mysql://bot:secret@db.example.com?socketPath=/run/mysqld.sock',
      level: 'green',
      says: /bot@\/run\/mysqld\.sock is local/,
    },
  ])('$url', ({ url, level, says }) => {
    const result = judgeConnection('the state', loginOf(url));
    expect(result.level).toBe(level);
    expect(result.says).toMatch(says);
    expect(result.next === null).toBe(level === 'green');
    expect(JSON.stringify(result)).not.toContain('secret');
  });
});
