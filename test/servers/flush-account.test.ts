import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { createFlusher } from '../../src/adapters/mysql/flusher.ts';
import type { Flusher, Permission } from '../../src/flush/flusher.ts';
import { literal } from '../../src/hostcache/account.ts';
import { socketUrl } from '../journeys/flush-stage.ts';
import { loginOf } from '../logins.ts';
import type { FLAVOURS } from './stage.ts';

/** The flush account on real servers: direct grants, roles and PUBLIC, and that each remedy works. */

let world: World;
let flusher: Flusher;

const DROP = "GRANT DROP ON performance_schema.host_cache TO 'flush me'@'localhost'";

async function open(flavour: (typeof FLAVOURS)[number]): Promise<void> {
  world = await startWorld({
    flavour,
    args: flavour === 'mariadb' ? ['--performance-schema=ON'] : ['--partial-revokes=ON'],
  });
  // A possible server setting, with which names have other quotes.
  await world.query("SET GLOBAL sql_mode = 'ANSI_QUOTES', GLOBAL sql_quote_show_create = 0");
  flusher = createFlusher({ name: 'main', login: loginOf(socketUrl('flush%20me:flush', world)) });
  await world.query(
    'CREATE USER friend@localhost; CREATE DATABASE `a TO b`; CREATE PROCEDURE mysql.p() SELECT 1',
  );
}

beforeEach(async () => {
  await world.query(`DROP USER IF EXISTS 'flush me'@'localhost'`);
  for (const role of ROLES) {
    await world.query(`DROP ROLE IF EXISTS ${role}`);
    await world.query(`CREATE ROLE ${role}`);
  }
  await world.query(`CREATE USER 'flush me'@'localhost' IDENTIFIED BY 'flush';
    GRANT DROP ON performance_schema.host_cache TO \`a drop\`; GRANT SELECT ON mysql.* TO reader;
    GRANT reader TO nested`);
});

const STATEMENT = 'TRUNCATE TABLE performance_schema.host_cache';

const ROLES = ['`a drop`', 'reader', 'nested', 'idle'];

/** Runs the permission's statements literally; then the account may flush, and does. */
async function fix(permission: Permission): Promise<void> {
  if (permission.kind === 'may') throw new Error('there is nothing to fix');
  for (const statement of permission.statements) await world.query(statement);
  await expectToFlush();
}

async function expectToFlush(): Promise<void> {
  expect(await flusher.mayFlush()).toEqual({ kind: 'may' });
  const session = await flusher.open();
  expect(await session.mayFlush()).toEqual({ kind: 'may' });
  expect(await session.flush(STATEMENT)).toEqual({ kind: 'flushed' });
  session.close();
}

const TO = "TO 'flush me'@'localhost'";

const EXCESSES = [
  { name: 'a privilege on all', grants: [`GRANT PROCESS ON *.* ${TO}`], why: 'PROCESS' },
  { name: 'the right to pass it on', grants: [`${DROP} WITH GRANT OPTION`], why: 'GRANT OPTION' },
  { name: 'columns', grants: [`GRANT SELECT (Host) ON mysql.user ${TO}`], why: 'SELECT (`Host`)' },
  { name: 'a proxy', grants: [`GRANT PROXY ON friend@localhost ${TO}`], why: 'PROXY' },
  { name: 'a routine', grants: [`GRANT EXECUTE ON PROCEDURE mysql.p ${TO}`], why: 'EXECUTE' },
  { name: 'a strange name', grants: [`GRANT SELECT ON \`a TO b\`.* ${TO}`], why: '`a TO b`' },
  {
    name: 'a role to pass on',
    grants: [`GRANT idle ${TO} WITH ADMIN OPTION`],
    why: 'ADMIN OPTION',
  },
  { name: 'a role', grants: [`GRANT reader ${TO}`], why: 'through the role `reader`' },
  { name: 'a role of a role', grants: [`GRANT nested ${TO}`], why: 'SELECT ON `mysql`.*' },
  {
    name: 'a role among others',
    grants: [`GRANT idle ${TO}`, `GRANT \`a drop\` ${TO}`, `GRANT reader ${TO}`],
    why: 'through the role `reader`',
  },
];

/** With these and DROP it may not flush, until the remedy has run. */
async function refused({ grants, why }: (typeof EXCESSES)[number]): Promise<void> {
  for (const grant of [DROP, ...grants]) await world.query(grant);
  const permission = await flusher.mayFlush();
  expect(permission).toMatchObject({ kind: 'off', why: expect.stringContaining(why) });
  await fix(permission);
}

describe('mysql', () => {
  beforeAll(() => open('mysql'));
  afterAll(() => world.stop());

  it.each([
    ...EXCESSES,
    {
      name: 'a dynamic privilege',
      grants: [`GRANT CONNECTION_ADMIN ON *.* ${TO}`],
      why: 'CONNECTION_ADMIN',
    },
    {
      name: 'all but a part',
      grants: [`GRANT DROP ON *.* ${TO}`, "REVOKE DROP ON mysql.* FROM 'flush me'@'localhost'"],
      why: 'GRANT DROP ON *.*',
    },
    {
      name: 'an account as a role',
      grants: [`GRANT root@localhost ${TO}`],
      why: '`root`@`localhost`',
    },
  ])('with $name it may not', refused);

  it('may by a role alone, whether that is a default one or not', async () => {
    expect(await flusher.mayFlush()).toMatchObject({
      kind: 'off',
      why: 'the flush account does not have DROP on performance_schema.host_cache',
    });
    await world.query(`GRANT \`a drop\`, idle ${TO}`);
    await expectToFlush();
    await world.query("SET DEFAULT ROLE ALL TO 'flush me'@'localhost'");
    await expectToFlush();
  });

  it.each(['OFF', 'ON'])('obeys mandatory roles, taken on at login: %s', async (isTakenOn) => {
    await world.query(`${DROP}; SET GLOBAL activate_all_roles_on_login = ${isTakenOn}`);
    await world.query('SET PERSIST mandatory_roles = "`idle`@`%`, nested"');
    const permission = await flusher.mayFlush();
    expect(permission).toMatchObject({
      kind: 'off',
      why: expect.stringContaining('through the role `nested`@`%`'),
      statements: expect.arrayContaining(["SET PERSIST mandatory_roles = '`idle`@`%`';"]),
    });
    await fix(permission);
    await world.query("SET PERSIST mandatory_roles = ''");
  });

  it.each([
    { name: 'almost the same name', setting: '`re``ad`', listed: [] },
    { name: 'other quotes', setting: `"re\`ad"@'%' , 'a\` drop'`, listed: ['"a` drop"@`%`'] },
    { name: 'white space outside quotes', setting: ' "re`ad" , id le', listed: ['`idle`@`%`'] },
  ])('reads mandatory roles as the server does: $name', async ({ setting, listed }) => {
    const roles = '`re``ad`, `a`` drop`';
    await world.query(`DROP ROLE IF EXISTS ${roles}; CREATE ROLE ${roles}; ${DROP};
      GRANT reader TO \`re\`\`ad\`; GRANT ${roles} ${TO}`);
    await world.query(`SET PERSIST mandatory_roles = ${literal(setting)}`);
    const permission = await flusher.mayFlush();
    const statements = permission.kind === 'off' ? permission.statements : [];
    const persists = statements.filter((each) => each.startsWith('SET PERSIST'));
    expect(persists).toEqual(listed.map((names) => `SET PERSIST mandatory_roles = '${names}';`));
    await fix(permission);
    await world.query(`SET PERSIST mandatory_roles = ''; DROP ROLE ${roles}`);
  });
});

describe('mariadb', () => {
  beforeAll(() => open('mariadb'));
  afterAll(() => world.stop());

  it.each([
    ...EXCESSES,
    {
      name: 'PUBLIC',
      grants: ['GRANT SELECT (Host) ON mysql.user TO PUBLIC'],
      why: 'SELECT (`Host`)',
    },
    { name: 'a role of PUBLIC', grants: ['GRANT nested TO PUBLIC'], why: 'SELECT ON `mysql`.*' },
    {
      name: 'a default role',
      grants: [`GRANT nested ${TO}`, "SET DEFAULT ROLE nested FOR 'flush me'@'localhost'"],
      why: 'through the role `nested`',
    },
  ])('with $name it may not', refused);

  it('may by its default role, not by one that it has not taken on', async () => {
    await world.query(`GRANT \`a drop\` ${TO}; GRANT idle ${TO}`);
    const permission = await flusher.mayFlush();
    expect(permission).toMatchObject({
      kind: 'off',
      why: expect.stringContaining('does not have DROP'),
    });
    await world.query("SET DEFAULT ROLE `a drop` FOR 'flush me'@'localhost'");
    await expectToFlush();
  });
});
