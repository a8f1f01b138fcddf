import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attempt, Login } from '../../sandbox/world.ts';
import { exitOf } from '../../src/diagnosis/json.ts';
import { accountName } from '../../src/hostcache/account.ts';
import { FLAVOURS, openStage, type Stage, severitiesOf, why } from './stage.ts';

/** Faults of the account that the server chooses: `why … as` predicts them, and the login confirms them. */

const CLIENT = '10.7.0.1';

const ACCOUNTS = `
  CREATE USER open@'10.7.%';
  CREATE USER locked@'10.7.%' ACCOUNT LOCK;
  CREATE USER tls@'10.7.%' REQUIRE SSL;
  CREATE USER certified@'10.7.%' REQUIRE X509;
  CREATE USER bygone@'10.7.%';
  CREATE USER halfway@'10.7.0.1', halfway@'10.7.%' ACCOUNT LOCK;
  ALTER USER halfway@'10.7.0.1' ACCOUNT UNLOCK`;

interface Case {
  readonly name: string;
  readonly user: string;
  /** The severity and the rule of each finding. */
  readonly findings: readonly string[];
  readonly exit: 0 | 1;
  /** The error of the login; null = it is admitted. */
  readonly error: number | null;
}

const OPEN: readonly Case[] = [
  { name: 'nothing', user: 'open', findings: [], exit: 0, error: null },
  { name: 'a lock on another row', user: 'halfway', findings: [], exit: 0, error: null },
  { name: 'REQUIRE SSL', user: 'tls', findings: ['note tls-required'], exit: 0, error: 1045 },
  {
    name: 'REQUIRE X509',
    user: 'certified',
    findings: ['note tls-required'],
    exit: 0,
    error: 1045,
  },
];

const LOCKED = { user: 'locked', findings: ['blocking account-locked'], exit: 1 } as const;
const BYGONE = {
  name: 'a plugin that is gone',
  user: 'bygone',
  findings: ['blocking plugin-missing'],
  exit: 1,
  error: 1524,
} as const;

const CASES: Readonly<Record<(typeof FLAVOURS)[number], readonly Case[]>> = {
  mysql: [
    ...OPEN,
    { name: 'a lock', ...LOCKED, error: 3118 },
    { name: 'a role', ...LOCKED, user: 'readers', error: 3118 },
    BYGONE,
  ],
  mariadb: [...OPEN, { name: 'a lock', ...LOCKED, error: 4151 }, BYGONE],
};

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ flavour });
    const { world } = stage;
    await world.query(ACCOUNTS);
    const bygone =
      flavour === 'mysql'
        ? `UPDATE mysql.user SET plugin = 'mysql_native_password' WHERE User = 'bygone'`
        : `UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.plugin', 'gone') WHERE User = 'bygone'`;
    await world.query(`${bygone}; FLUSH PRIVILEGES; CREATE ROLE readers`);
    world.dns.host(CLIENT, 'seven.example.com');
    await world.connectFrom(CLIENT, { user: 'open' });
  });
  afterAll(() => stage?.close());

  it.each(CASES[flavour])('$name: $findings', async ({ user, findings, exit, error }) => {
    await stage.flush();
    await stage.world.connectFrom(CLIENT, { user: 'open' });
    const told = await stage.why(CLIENT, user);
    expect(told.prediction.now).toMatchObject({ outcome: 'admitted', account: { user } });
    expect(severitiesOf(told)).toEqual(findings);
    expect(exitOf(told)).toBe(exit);
    expect(errorOf(await stage.world.connectFrom(CLIENT, { user }))).toBe(error);
  });

  it('counted refusals make TLS a risk', async () => {
    await stage.world.connectFrom(CLIENT, { user: 'tls' });
    const told = await stage.why(CLIENT, 'tls');
    expect(severitiesOf(told)).toContain('risk tls-required');
    expect(told.findings.map(({ cause }) => cause).join()).toMatch(/REQUIRE SSL.* so far: /);
  });

  it.each([
    { anonymous: '10.7.0.%', named: '10.7.%', isShadowed: { mysql: true, mariadb: true } },
    { anonymous: 'seven.example.com', named: '%', isShadowed: { mysql: true, mariadb: true } },
    { anonymous: '10.7.%', named: '10.7.%', isShadowed: { mysql: false, mariadb: false } },
    { anonymous: '10.7.0.%', named: '10.7.0.1', isShadowed: { mysql: false, mariadb: false } },
    // In MySQL a netmask is an address and comes before a name. In MariaDB the pattern that matches fewer texts comes first.
    {
      anonymous: '10.7.0.0/255.255.255.0',
      named: 'seven.example.com',
      isShadowed: { mysql: true, mariadb: false },
    },
  ])("''@'$anonymous' before anna@'$named': $isShadowed", async (row) => {
    const { anonymous, named, isShadowed } = row;
    await stage.world.query(`CREATE USER ''@'${anonymous}', anna@'${named}' IDENTIFIED BY 'pw'`);
    const told = await stage.why(CLIENT, 'anna');
    const login: Login = isShadowed[flavour] ? { user: 'anna' } : { user: 'anna', password: 'pw' };
    const attempt = await stage.world.connectFrom(CLIENT, login);
    await stage.world.query(`DROP USER ''@'${anonymous}', anna@'${named}'`);
    const isTold = severitiesOf(told).includes('degraded anonymous-account');
    expect(isTold).toBe(isShadowed[flavour]);
    const { account } = told.prediction.now;
    expect(account && accountName(account).replaceAll("'", '')).toBe(accountOf(attempt));
  });
});

describe('the lock flag of MariaDB', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ flavour: 'mariadb' });
    await stage.world.query(`${ACCOUNTS};
      CREATE SQL SECURITY DEFINER VIEW mysql.hostcache_accounts AS SELECT Host, User,
        JSON_VALUE(Priv, '$.plugin') AS plugin, JSON_VALUE(Priv, '$.ssl_type') AS ssl_type,
        JSON_VALUE(Priv, '$.account_locked') AS account_locked,
        JSON_VALUE(Priv, '$.is_role') AS is_role FROM mysql.global_priv;
      CREATE USER bot@localhost;
      GRANT SELECT ON performance_schema.host_cache TO bot@localhost`);
  });
  afterAll(() => stage?.close());

  it.each([
    { table: 'mysql.global_priv', locked: true },
    { table: 'mysql.hostcache_accounts', locked: true },
    // This view has no such column, so the lock is a gap, not "unlocked".
    { table: 'mysql.user', locked: null },
  ])('through $table: $locked', async ({ table, locked }) => {
    await stage.world.query(`GRANT SELECT ON ${table} TO bot@localhost`);
    const target = stage.as('bot');
    const told = await why(target, CLIENT, 'locked');
    await target.server.close();
    await stage.world.query(`REVOKE SELECT ON ${table} FROM bot@localhost`);
    expect(told.prediction.now).toMatchObject({ outcome: 'admitted', account: { locked } });
    expect(severitiesOf(told)).toContain(
      locked === true ? 'blocking account-locked' : 'note never-seen',
    );
    // MariaDB always has one more: it keeps no record of failed logins.
    expect(told.gaps).toHaveLength(locked === null ? 2 : 1);
  });
});

function errorOf(attempt: Attempt): number | null {
  return attempt.outcome === 'error' ? attempt.code : null;
}

function accountOf(attempt: Attempt): string {
  return attempt.outcome === 'admitted' ? attempt.currentUser : JSON.stringify(attempt);
}
