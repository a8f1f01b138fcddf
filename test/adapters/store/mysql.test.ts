import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../../../sandbox/world.ts';
import { openStore, type State } from '../../../src/adapters/store/store.ts';
import { VERSION } from '../../../src/adapters/store/version.ts';
import { pause } from '../../../src/chat/waiting.ts';
import { EMPTY_CARD } from '../../../src/sweep/card.ts';
import { placeOf } from '../../logins.ts';
import { storeContract } from './contract.ts';
import { openImpatient } from './impatient.ts';
import { refuses } from './refuses.ts';
import { alert } from './samples.ts';
import { openAtOnce } from './sharing-contract.ts';

/**
 * The store in a real MySQL and a real MariaDB: the contract, and what can go wrong with a server.
 */

/** What records the version of the tables. */
const SCHEMA = ['hostcache_migrations', 'hostcache_migrations_lock', 'hostcache_versions'];

const GRANTS = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP';

describe.each(['mysql', 'mariadb'] as const)('%s', (flavour) => {
  let world: World;
  let databases = 0;
  const urlOf = (database: string, account = 'root') => {
    const socketPath = encodeURIComponent(world.socketPath);
    return `mysql://${account}@localhost/${database}?socketPath=${socketPath}`;
  };
  const makeDatabase = async () => {
    databases += 1;
    await world.query(`CREATE DATABASE state${databases}`);
    return `state${databases}`;
  };
  /** Creating the tables takes much longer than most tests. */
  let shared: string | null = null;
  const empty = async (database: string) => {
    const tables = await world.query(
      `SELECT table_name AS name FROM information_schema.tables
        WHERE table_schema = '${database}' AND table_name NOT IN (${SCHEMA.map((name) => `'${name}'`).join()})`,
    );
    const statements = tables.map(({ name }) =>
      name === 'hostcache_counters'
        ? `UPDATE ${database}.hostcache_counters SET last = 0`
        : `DELETE FROM ${database}.${name}`,
    );
    if (statements.length > 0) await world.query(statements.join(';'));
  };
  beforeAll(async () => {
    world = await startWorld({ flavour });
  });
  afterAll(() => world?.stop());

  storeContract('in a database', async () => {
    shared ??= await makeDatabase();
    await empty(shared);
    return urlOf(shared);
  });

  it('opens a new database for several at once', async () => {
    await openAtOnce(urlOf(await makeDatabase()), 4);
  });

  it('says what cannot be opened, without the password', async () => {
    const database = await makeDatabase();
    await world.query("CREATE USER IF NOT EXISTS poor@localhost IDENTIFIED BY 'secret'");
    const { socketPath } = world;
    const refusals = [
      [
        urlOf('nowhere'),
        `root@${socketPath}/nowhere: this database does not exist (1049); run CREATE DATABASE \`nowhere\` there.`,
      ],
      [
        urlOf(database, 'poor:wrong'),
        `poor@${socketPath}/${database} is refused (1045); check its user and password.`,
      ],
      [
        urlOf(database, 'poor:secret'),
        `poor@${socketPath}/${database}: the account may not use this database (1044); run GRANT ${GRANTS} ON \`${database}\`.* TO this account.`,
      ],
      [
        'mysql://root:secret@127.0.0.1:1/x',
        'nothing listens at root@127.0.0.1:1/x; check whether the server is running.',
      ],
    ] as const;
    for (const [url, says] of refusals) await refuses(url, `STATE_URL: ${says}`);
  });

  it('needs the grants that it names, and no more', async () => {
    const database = await makeDatabase();
    await (await openStore({ place: placeOf(urlOf(database)) })).close();
    await world.query('CREATE USER IF NOT EXISTS enough@localhost');
    await world.query(`GRANT SELECT ON ${database}.* TO enough@localhost`);
    const url = urlOf(database, 'enough');
    await expect(openStore({ place: placeOf(url) })).rejects.toThrow(
      /^STATE_URL: enough@.*denied.* \(1142\); run GRANT /,
    );
    await world.query(`GRANT ${GRANTS} ON ${database}.* TO enough@localhost`);
    const state = await openStore({ place: placeOf(url) });
    expect(await state.alerts.nextAlertId()).toBe('AL-1');
    await state.close();
  });

  it('continues after a first start that was killed', async () => {
    const database = await makeDatabase();
    const state = await openStore({ place: placeOf(urlOf(database)) });
    await state.close();
    // The counters are filled last, and counted up when a start has completed.
    await world.query(`DELETE FROM ${database}.hostcache_migrations;
      DELETE FROM ${database}.hostcache_counters; DELETE FROM ${database}.hostcache_versions`);
    await world.query(`DROP TABLE ${database}.hostcache_roots, ${database}.hostcache_outbox`);
    const again = await openStore({ place: placeOf(urlOf(database)) });
    expect(await again.outbox.nextDueAt()).toBeNull();
    expect(await again.alerts.nextAlertId()).toBe('AL-1');
    await again.close();
  });

  it('reads what the first version has stored', async () => {
    const database = await makeDatabase();
    const place = placeOf(urlOf(database));
    const first = await openStore({ place });
    await first.alerts.save([alert()], []);
    await first.close();
    await world.query(`ALTER TABLE ${database}.hostcache_alerts DROP COLUMN card;
      ALTER TABLE ${database}.hostcache_sweeps DROP COLUMN next_at;
      CREATE TABLE ${database}.hostcache_readings (server varchar(150), address varchar(150),
        read_at bigint, handshake_errors bigint, entry_made_at bigint,
        PRIMARY KEY (server, read_at, address));
      INSERT INTO ${database}.hostcache_readings VALUES ('main', '192.0.2.7', 300000, 3, 7),
        ('main', '192.0.2.7', 300001, 4, 7), ('main', '192.0.2.7', 600000, 5, 7);
      DELETE FROM ${database}.hostcache_migrations WHERE name > '001-tables'`);
    const state = await openStore({ place });
    expect(await state.alerts.open()).toEqual([alert({ card: EMPTY_CARD, revision: 1 })]);
    const { length } = (await state.sweeps.readings('main')).filter(
      ({ entryMadeAt }) => entryMadeAt,
    );
    expect(length).toBe(2);
    await state.close();
  });

  it('runs a transaction again if the server rolled it back in a deadlock', async () => {
    const database = await makeDatabase();
    const state = await openStore({ place: placeOf(urlOf(database)) });
    const both = ['AL-1', 'AL-2'].map((id) =>
      alert({ id, hosts: [], proofs: [], card: EMPTY_CARD }),
    );
    await state.alerts.save(both, []);
    const table = `${database}.hostcache_alerts`;
    // The server rolls back the transaction with fewer changes, so this one makes more.
    await world.query(`BEGIN; UPDATE ${database}.hostcache_counters SET last = last + 7;
      UPDATE ${table} SET fact = 'theirs' WHERE id = 'AL-2'`);
    const saving = state.alerts.save(
      both.map((each) => ({ ...each, revision: 1, fact: 'ours' })),
      [],
    );
    const waiting = `SELECT COUNT(*) AS count FROM information_schema.processlist
      WHERE id <> CONNECTION_ID() AND info LIKE '%''AL-2'' and %'`;
    await expect.poll(() => world.query(waiting)).toEqual([{ count: 1 }]);
    await world.query(`UPDATE ${table} SET fact = 'theirs' WHERE id = 'AL-1'; COMMIT`);
    expect(await saving).toBe(true);
    expect(await state.alerts.open()).toMatchObject([{ fact: 'ours' }, { fact: 'ours' }]);
    await state.close();
  });

  it('refuses a database of another version', async () => {
    const database = await makeDatabase();
    await (await openStore({ place: placeOf(urlOf(database)) })).close();
    await world.query(`INSERT INTO ${database}.hostcache_migrations VALUES ('999-later', '2030')`);
    const label = `STATE_URL: root@${world.socketPath}/${database}`;
    await refuses(
      urlOf(database),
      `${label} was made by a newer version of hostcache (999-later), and this is ${VERSION}; start that version, or use a new state.`,
    );
    await world.query(`DELETE FROM ${database}.hostcache_migrations`);
    const noRecord =
      'has tables of hostcache, but no record of their version (hostcache_migrations); restore a backup, or use a new state.';
    await refuses(urlOf(database), `${label} ${noRecord}`);
    await world.query(`DROP TABLE ${database}.hostcache_migrations`);
    await refuses(urlOf(database), `${label} ${noRecord}`);
  });

  describe('a server that becomes unavailable', () => {
    let state: State;
    afterEach(() => state?.close());

    it('by refusing to write: it says so, and goes on where it was', async () => {
      const database = await makeDatabase();
      await world.query('CREATE USER IF NOT EXISTS writer@localhost');
      await world.query(`GRANT ${GRANTS} ON ${database}.* TO writer@localhost`);
      state = await openStore({ place: placeOf(urlOf(database, 'writer')) });
      expect(await state.alerts.nextAlertId()).toBe('AL-1');
      await world.query('SET GLOBAL read_only = ON');
      const says = `STATE_URL: writer@${world.socketPath}/${database} is read-only (1290); use the server that accepts writes.`;
      expect(await state.writeFault()).toBe(says);
      await expect(state.alerts.nextAlertId()).rejects.toMatchObject({ message: says });
      expect(await state.alerts.open()).toEqual([]);
      await refuses(urlOf(database, 'writer'), says);
      await world.query('SET GLOBAL read_only = OFF');
      expect(await state.writeFault()).toBeNull();
      expect(await state.alerts.nextAlertId()).toBe('AL-2');
      await world.query(`DROP TABLE ${database}.hostcache_roots`);
      expect(await state.writeFault()).toMatch(
        / lacks the table hostcache_roots; restore a backup/,
      );
    });

    it('by stopping: calls are refused until it is back', async () => {
      state = await openStore({ place: placeOf(urlOf(await makeDatabase())) });
      await Promise.all(Array.from({ length: 12 }, () => state.alerts.nextAlertId()));
      await world.stopServer();
      const away = { kind: 'unreadable', message: expect.stringMatching(/^STATE_URL: .*\.$/) };
      for (let at = 0; at < 20; at += 1)
        await expect(state.alerts.nextAlertId()).rejects.toMatchObject(away);
      await expect(state.alerts.save([], [])).rejects.toMatchObject(away);
      expect(await state.writeFault()).toMatch(/^STATE_URL: /);
      await world.startServer();
      expect(await state.writeFault()).toBeNull();
      expect(await state.alerts.nextAlertId()).toBe('AL-13');
    });

    it('by not answering: calls end in time, on few connections, and no handshake is aborted', async () => {
      const place = placeOf(urlOf(await makeDatabase()));
      state = await openImpatient({ place, limitMs: 200 });
      const before = await connections(world);
      await world.signal('SIGSTOP');
      const calls = Array.from({ length: 50 }, () => state.outbox.nextDueAt());
      // Each call has 0.2 s from its own start, not one after the other. This timer starts after
      // them and fires later.
      const late = pause(1500).then(() => 'late' as const);
      const outcomes = await Promise.race([Promise.allSettled(calls), late]);
      await expect(openStore({ place, limitMs: 200 })).rejects.toThrow(
        /did not answer within 0.2 s/,
      );
      const statuses = outcomes === 'late' ? outcomes : outcomes.map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set(['rejected']));
      await world.signal('SIGCONT');
      let looks = 0;
      const isBack = () => {
        looks += 1;
        return state.writeFault();
      };
      await expect.poll(isBack).toBeNull();
      const after = await connections(world);
      expect(after.made - before.made).toBeLessThan(30 + looks);
      expect(after.broken).toBe(before.broken);
    });
  });
});

async function connections(
  world: World,
): Promise<{ readonly made: number; readonly broken: number }> {
  const rows = await world.query(
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Connections', 'Aborted_connects')",
  );
  const countOf = (name: string) =>
    Number(rows.find((row) => row['Variable_name'] === name)?.['Value']);
  return { made: countOf('Connections'), broken: countOf('Aborted_connects') };
}
