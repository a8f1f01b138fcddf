import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attempt, Login } from '../../sandbox/world.ts';
import { createChance } from '../chance.ts';
import { FLAVOURS, openStage, type Stage } from './stage.ts';
import { openSwept, type Swept } from './swept.ts';

/** What sweeps of a real server record of logins: each is counted to the row that CURRENT_USER() gave. */

const USERS = ['app', 'shop', 'ghost', 'locked', 'certified', 'bygone'] as const;

const ACCOUNTS = `
  CREATE USER app@'10.%', app@'10.0.0.1', app@'one.example.com', app@'%.example.com';
  CREATE USER shop@'%' IDENTIFIED BY 'pw';
  CREATE USER shop@'10.0.0.3' IDENTIFIED BY 'pw';
  CREATE USER ''@'10.0.0.4';
  CREATE USER locked@'10.%' ACCOUNT LOCK;
  CREATE USER certified@'10.%' REQUIRE X509;
  CREATE USER bygone@'10.%'`;

const BYGONE = {
  mysql: `UPDATE mysql.user SET plugin = 'mysql_native_password' WHERE User = 'bygone'`,
  mariadb: `UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.plugin', 'gone') WHERE User = 'bygone'`,
};

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;
  let on: Swept;
  const chance = createChance();
  const logins = new Map<string, number>();
  const failures = new Map<string, number>();

  beforeAll(async () => {
    stage = await openStage({ flavour, args: ['--max-connect-errors=1000000'] });
    const { world } = stage;
    await world.query(`${ACCOUNTS}; ${BYGONE[flavour]}; FLUSH PRIVILEGES`);
    world.dns.host('10.0.0.1', 'one.example.com');
    world.dns.host('10.0.0.2', 'two.example.com');
    world.dns.host('10.0.0.3', 'three.example.com');
    on = await openSwept(stage);
    await on.sweep();
  });
  afterAll(async () => {
    await on?.close();
    await stage?.close();
  });

  const tally = ({ user = '' }: Login, attempt: Attempt) => {
    const add = (counts: Map<string, number>, key: string) =>
      counts.set(key, (counts.get(key) ?? 0) + 1);
    if (attempt.outcome === 'admitted') {
      const { currentUser } = attempt;
      const at = currentUser.lastIndexOf('@');
      add(logins, `'${currentUser.slice(0, at)}'@'${currentUser.slice(at + 1)}'`);
    } else if (attempt.outcome === 'error') add(failures, `${user} ${attempt.code}`);
  };

  /** Four clients at once. */
  async function connect(times: number): Promise<void> {
    const one = async () => {
      for (let at = 0; at < times; at += 1) {
        const user = USERS[Math.floor(chance() * USERS.length)] ?? 'app';
        const login = { user, ...(chance() < 0.7 ? {} : { password: 'pw' }) };
        const last = 1 + Math.floor(chance() * 5);
        tally(login, await stage.world.connectFrom(`10.0.0.${last}`, login));
      }
    };
    await Promise.all([one(), one(), one(), one()]);
  }

  async function recorded() {
    const days = await on.days();
    const uses = days.flatMap((day) => day.uses).filter(({ user }) => user !== 'root');
    const counted = new Map<string, number>();
    for (const { account, logins: count } of uses) {
      if (count > 0) counted.set(`${account}`, (counted.get(`${account}`) ?? 0) + count);
    }
    const failed = new Map<string, number>();
    const events = days.flatMap((day) => day.events);
    for (const event of events) {
      if (event.kind !== 'failures') continue;
      const key = `${event.user} ${event.error}`;
      failed.set(key, (failed.get(key) ?? 0) + event.count);
    }
    return { counted, failed, events, uses };
  }

  async function expectTruth(): Promise<void> {
    on.pass(1);
    await on.sweep();
    const { counted, failed } = await recorded();
    expect(counted).toEqual(logins);
    expect(failed).toEqual(flavour === 'mysql' ? failures : new Map());
  }

  it('counts each login to its account, while clients connect', async () => {
    const connecting = connect(40);
    let isOver = false;
    void connecting.then(() => {
      isOver = true;
    });
    while (!isOver) {
      on.pass(1);
      await on.sweep();
    }
    await connecting;
    await expectTruth();
    expect(logins.size).toBeGreaterThan(4);
    expect(failures.size).toBeGreaterThan(4);
    const { uses } = await recorded();
    const addresses = new Set(uses.map(({ address }) => address));
    expect([...addresses].toSorted()).toEqual([1, 2, 3, 4, 5].map((last) => `10.0.0.${last}`));
  });

  it('goes on after a flush and a restart', async () => {
    await connect(3);
    await stage.flush();
    await expectTruth();
    // A start within two seconds of the one before is taken for the same.
    const uptime = async () => {
      const [row] = await stage.world.query("SHOW GLOBAL STATUS LIKE 'Uptime'");
      return Number(row?.['Value']);
    };
    await expect.poll(uptime).toBeGreaterThan(3);
    await stage.world.restart();
    await connect(5);
    await expectTruth();
    const { events } = await recorded();
    expect(events.filter(({ kind }) => kind === 'restart')).toHaveLength(1);
  });

  it('tells which accounts were added, changed and dropped', async () => {
    const { world } = stage;
    await world.query(
      "CREATE USER fresh@'%'; ALTER USER shop@'%' ACCOUNT LOCK; DROP USER app@'10.%'",
    );
    on.pass(1);
    await on.sweep();
    const { events } = await recorded();
    expect(events.filter(({ kind }) => kind === 'account')).toMatchObject([
      { account: "'fresh'@'%'", change: 'added' },
      { account: "'shop'@'%'", change: 'changed' },
      { account: "'app'@'10.%'", change: 'dropped' },
    ]);
  });
});
