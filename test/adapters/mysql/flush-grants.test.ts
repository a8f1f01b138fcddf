import { expect, it } from 'vitest';
import { judgeGrants } from '../../../src/adapters/mysql/grants.ts';

/** SHOW GRANTS of the flush account: enough, and nothing else. */

const TO = 'TO `flush`@`%`';
const ACCOUNT = "'flush'@'%'";
const USAGE = `GRANT USAGE ON *.* ${TO}`;
const DROP = `GRANT DROP ON \`performance_schema\`.\`host_cache\` ${TO}`;
const RELOAD = `GRANT RELOAD ON *.* ${TO} IDENTIFIED BY PASSWORD '*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4'`;

it.each([
  { name: 'MySQL', lines: [USAGE, DROP], needsReload: false },
  {
    name: 'MariaDB that may write',
    lines: [`${USAGE} IDENTIFIED BY PASSWORD '*6C'`, DROP],
    needsReload: false,
  },
  { name: 'MariaDB that is read_only', lines: [RELOAD], needsReload: true },
  { name: 'both, where RELOAD is needed', lines: [RELOAD, DROP], needsReload: true },
])('$name may flush', ({ lines, needsReload }) => {
  expect(judgeGrants(lines, { needsReload, account: ACCOUNT })).toEqual({ kind: 'may' });
});

it.each([
  { name: 'nothing', lines: [USAGE], why: 'lacks DROP on performance_schema.host_cache' },
  { name: 'RELOAD in need of DROP', lines: [RELOAD, DROP], why: 'GRANT RELOAD ON *.*' },
  {
    name: 'DROP on the whole schema',
    lines: [`GRANT DROP ON \`performance_schema\`.* ${TO}`],
    why: 'GRANT DROP ON `performance_schema`.*',
  },
  { name: 'DROP on all', lines: [`GRANT DROP ON *.* ${TO}`], why: 'GRANT DROP ON *.*' },
  {
    name: 'a privilege more',
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
    name: 'a role',
    lines: [USAGE, DROP, `GRANT \`admin\`@\`%\`,\`dev\`@\`%\` ${TO}`],
    why: 'GRANT `admin`@`%`,`dev`@`%`',
  },
])('with $name it may not', ({ lines, why }) => {
  const permission = judgeGrants(lines, { needsReload: false, account: ACCOUNT });
  expect(permission).toMatchObject({ kind: 'off', why: expect.stringContaining(why) });
});

it('says how roles are taken away, which REVOKE ALL leaves, and shows no hash', () => {
  const lines = [RELOAD, `GRANT \`admin\`@\`%\` ${TO} WITH ADMIN OPTION`];
  const permission = judgeGrants(lines, { needsReload: false, account: ACCOUNT });
  expect(permission).toEqual({
    kind: 'off',
    why: 'the flush account may do more than flush: GRANT RELOAD ON *.*; GRANT `admin`@`%`',
    statements: [
      `REVOKE \`admin\`@\`%\` FROM ${ACCOUNT};`,
      `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${ACCOUNT};`,
      `GRANT DROP ON performance_schema.host_cache TO ${ACCOUNT};`,
    ],
  });
});
