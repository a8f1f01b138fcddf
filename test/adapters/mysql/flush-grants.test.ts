import { expect, it } from 'vitest';
import { parseGrants } from '../../../src/adapters/mysql/grant-line.ts';
import { judgeGrants, type RoleGrants } from '../../../src/adapters/mysql/grants.ts';
import { releaseOf } from '../../../src/hostcache/release.ts';
import { MARIADB } from '../../scenarios/servers.ts';

/** The grants of the flush account: enough to flush, and nothing else. */

const TO = 'TO `flush`@`%`';
const ACCOUNT = "'flush'@'%'";
const USAGE = `GRANT USAGE ON *.* ${TO}`;
const DROP = `GRANT DROP ON \`performance_schema\`.\`host_cache\` ${TO}`;
const judge = (own: readonly string[], needsReload = false, roles: readonly RoleGrants[] = []) => {
  const { flush } = releaseOf({ ...MARIADB, readOnly: needsReload });
  return judgeGrants({ own: parseGrants(own), roles }, { flush, account: ACCOUNT });
};
const RELOAD = `GRANT RELOAD ON *.* ${TO} IDENTIFIED BY PASSWORD '*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4'`;

it.each([
  { name: 'MySQL', lines: [USAGE, DROP], needsReload: false },
  {
    name: 'MariaDB without read_only',
    lines: [`${USAGE} IDENTIFIED BY PASSWORD '*6C'`, DROP],
    needsReload: false,
  },
  { name: 'MariaDB under read_only', lines: [RELOAD], needsReload: true },
  { name: 'both, where RELOAD is needed', lines: [RELOAD, DROP], needsReload: true },
])('$name may flush', ({ lines, needsReload }) => {
  expect(judge(lines, needsReload)).toEqual({ kind: 'may' });
});

it.each([
  { name: 'nothing', lines: [USAGE], why: 'does not have DROP on performance_schema.host_cache' },
  { name: 'RELOAD if DROP is needed', lines: [RELOAD, DROP], why: 'GRANT RELOAD ON *.*' },
  {
    name: 'DROP on the whole schema',
    lines: [`GRANT DROP ON \`performance_schema\`.* ${TO}`],
    why: 'GRANT DROP ON `performance_schema`.*',
  },
  { name: 'DROP on all', lines: [`GRANT DROP ON *.* ${TO}`], why: 'GRANT DROP ON *.*' },
  {
    name: 'one more privilege',
    lines: [USAGE, `GRANT SELECT, DROP ON \`performance_schema\`.\`host_cache\` ${TO}`],
    why: 'GRANT SELECT, DROP',
  },
  {
    name: 'another table',
    lines: [USAGE, DROP, `GRANT SELECT ON \`mysql\`.\`user\` ${TO}`],
    why: 'GRANT SELECT ON `mysql`.`user`',
  },
  {
    name: 'columns',
    lines: [USAGE, DROP, `GRANT SELECT (\`Host\`) ON \`mysql\`.\`user\` ${TO}`],
    why: 'GRANT SELECT (`Host`)',
  },
  {
    name: 'a dynamic privilege',
    lines: [USAGE, DROP, `GRANT CONNECTION_ADMIN ON *.* ${TO}`],
    why: 'CONNECTION_ADMIN',
  },
  {
    name: 'the right to pass it on',
    lines: [USAGE, `${DROP} WITH GRANT OPTION`],
    why: 'GRANT DROP ON',
  },
  {
    name: 'everything',
    lines: [`GRANT ALL PRIVILEGES ON *.* ${TO} WITH GRANT OPTION`],
    why: 'ALL PRIVILEGES',
  },
  { name: 'a proxy', lines: [USAGE, DROP, `GRANT PROXY ON ''@'' ${TO}`], why: 'GRANT PROXY' },
  {
    name: 'a routine',
    lines: [USAGE, DROP, `GRANT EXECUTE ON PROCEDURE \`sys\`.\`x\` ${TO}`],
    why: 'GRANT EXECUTE',
  },
  {
    name: 'a role to pass on',
    lines: [USAGE, DROP, `GRANT \`admin\`@\`%\`,\`dev\`@\`%\` ${TO} WITH ADMIN OPTION`],
    why: 'GRANT `admin`@`%`, `dev`@`%` WITH ADMIN OPTION',
  },
  {
    name: 'a table of a schema with almost the same name',
    lines: [USAGE, `GRANT DROP ON \`performance\`\`_schema\`.\`host_cache\` ${TO}`],
    why: 'GRANT DROP ON `performance``_schema`',
  },
  {
    name: 'a schema whose name reads like a grant',
    lines: [DROP, `GRANT SELECT ON \`a TO b\`.* ${TO}`],
    why: 'GRANT SELECT ON `a TO b`.*',
  },
  {
    name: 'columns whose names read like a grant',
    lines: [DROP, `GRANT SELECT (\`x), DROP ON *.* TO (\`), DROP ON \`d\`.\`t\` ${TO}`],
    why: 'GRANT SELECT (`x), DROP ON *.* TO (`), DROP ON `d`.`t`',
  },
  { name: 'what cannot be read', lines: [DROP, 'GRANT what is this'], why: 'GRANT what is this' },
])('with $name it may not', ({ lines, why }) => {
  const permission = judge(lines);
  expect(permission).toMatchObject({ kind: 'off', why: expect.stringContaining(why) });
});

const OWN_ROLES = `GRANT \`a\`@\`%\`,\`z\`@\`%\` ${TO}`;

function role(name: string, lines: readonly string[], given: Partial<RoleGrants> = {}): RoleGrants {
  const grants = parseGrants(lines);
  return { role: `\`${name}\`@\`%\``, grants, isActive: true, isMandatory: false, ...given };
}

it.each([
  { name: 'a role without privileges', own: [DROP, OWN_ROLES], roles: [role('a', [USAGE])] },
  { name: 'a role that gives DROP', own: [USAGE, OWN_ROLES], roles: [role('a', [DROP])] },
  {
    name: 'a default role and a partial revoke',
    own: [DROP, 'SET DEFAULT ROLE `a` FOR `flush`@`%`', 'REVOKE SELECT ON `x`.* FROM `flush`@`%`'],
    roles: [],
  },
])('with $name it may flush', ({ own, roles }) => {
  expect(judge(own, false, roles)).toEqual({ kind: 'may' });
});

it('ignores roles that are not active during the flush', () => {
  const roles = [role('a', [DROP], { isActive: false })];
  expect(judge([USAGE, OWN_ROLES], false, roles)).toEqual({
    kind: 'off',
    why: 'the flush account does not have DROP on performance_schema.host_cache',
    statements: [`GRANT DROP ON performance_schema.host_cache TO ${ACCOUNT};`],
  });
});

it('revokes the roles that give too much, by name, and keeps the others', () => {
  const process = `GRANT PROCESS ON *.* ${TO}`;
  const roles = [
    role('a', [USAGE]),
    role('m', [process], { isMandatory: true }),
    role('z', [process]),
  ];
  const permission = judge([DROP, OWN_ROLES], false, roles);
  expect(permission).toEqual({
    kind: 'off',
    why: 'the flush account may do more than flush: GRANT PROCESS ON *.* through the role `m`@`%`; GRANT PROCESS ON *.* through the role `z`@`%`',
    statements: [
      "SET PERSIST mandatory_roles = '';",
      `REVOKE \`z\`@\`%\` FROM ${ACCOUNT};`,
      `GRANT DROP ON performance_schema.host_cache TO ${ACCOUNT};`,
    ],
  });
});

it('shows how to revoke proxies, roles and grants to PUBLIC, which REVOKE ALL leaves, without the hash', () => {
  const permission = judge([
    RELOAD,
    `GRANT \`admin\`@\`%\` ${TO} WITH ADMIN OPTION`,
    `GRANT PROXY ON \`p\`@\`%\` ${TO}`,
    'GRANT SELECT ON `mysql`.`user` TO PUBLIC',
  ]);
  expect(permission).toEqual({
    kind: 'off',
    why: 'the flush account may do more than flush: GRANT RELOAD ON *.*; GRANT `admin`@`%` WITH ADMIN OPTION; GRANT PROXY ON `p`@`%`; GRANT SELECT ON `mysql`.`user`',
    statements: [
      `REVOKE \`admin\`@\`%\` FROM ${ACCOUNT};`,
      `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${ACCOUNT};`,
      `REVOKE PROXY ON \`p\`@\`%\` FROM ${ACCOUNT};`,
      'REVOKE SELECT ON `mysql`.`user` FROM PUBLIC;',
      `GRANT DROP ON performance_schema.host_cache TO ${ACCOUNT};`,
    ],
  });
});
