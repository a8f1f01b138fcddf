import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { World } from '../../sandbox/world.ts';
import { exitOf, toJson } from '../../src/diagnosis/json.ts';
import { FLAVOURS, openStage, type Stage, severitiesOf, why } from './stage.ts';

/** Servers that hide facts or keep no cache: an unknown fact is never reported as healthy or as refused. */

const CLIENT = '240.221.242.64';
const NAME = 'merp.example.com';

/** Connects the client while DNS has no name for it. */
async function leaveNull({ dns, connectFrom }: World): Promise<void> {
  dns.clear();
  await connectFrom(CLIENT);
}

describe.each(FLAVOURS)('%s without some grant', (flavour) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ flavour, args: ['--max-connect-errors=2'] });
    const cache = 'performance_schema.host_cache';
    await stage.world.query(`CREATE USER jdoe@'${NAME}';
      CREATE USER nothing@localhost;
      CREATE USER cache@localhost; GRANT SELECT ON ${cache} TO cache@localhost;
      CREATE USER accounts@localhost; GRANT SELECT ON mysql.user TO accounts@localhost`);
  });
  afterAll(() => stage?.close());

  it.each([
    { account: 'cache', misses: /table .*[`']user[`']/, cached: { host: null } },
    { account: 'accounts', misses: /host_cache/, cached: null },
    { account: 'nothing', misses: /host_cache/, cached: null },
  ])('as $account: unknown, exit 3, and says what is missing', async (row) => {
    await stage.flush();
    await leaveNull(stage.world);
    const target = stage.as(row.account);
    for (const user of [undefined, 'jdoe']) {
      const told = await why(target, CLIENT, user);
      const { outcome } = told.prediction.now;
      expect({ outcome, exit: exitOf(told) }).toEqual({ outcome: 'unknown', exit: 3 });
      const isFaulty = told.findings.some(({ severity }) => severity !== 'note');
      expect(isFaulty).toBe(row.account === 'cache');
      expect(toJson(told, CLIENT)).toMatchObject({ cached: row.cached, flush: 'unknown' });
      expect(told.gaps.join('\n')).toMatch(row.misses);
      expect(severitiesOf(told).join()).not.toMatch(/never-seen|no-matching|not-from-here/);
    }
    await target.server.close();
  });

  it('a block is told without the accounts', async () => {
    await stage.flush();
    stage.world.dns.host(CLIENT, NAME);
    await stage.world.breakHandshakeFrom(CLIENT, 2);
    const target = stage.as('cache');
    const told = await why(target, CLIENT);
    await target.server.close();
    expect(told.prediction.now.outcome).toBe('blocked');
    expect(told.forecast.effect).toBe('unknown');
    expect(exitOf(told)).toBe(1);
  });
});

describe('MariaDB with performance_schema off', () => {
  let stage: Stage;

  beforeAll(async () => {
    const args = ['--performance-schema=OFF', '--max-connect-errors=2'];
    stage = await openStage({ flavour: 'mariadb', args });
    await stage.world.query(`CREATE USER jdoe@'${NAME}', any@'10.%'`);
  });
  afterAll(() => stage?.close());

  it('a blocked host is unknown, never healthy', async () => {
    stage.world.dns.host(CLIENT, NAME);
    expect(await stage.world.connectFrom(CLIENT)).toMatchObject({ outcome: 'admitted' });
    await stage.world.breakHandshakeFrom(CLIENT, 2);
    expect(await stage.world.connectFrom(CLIENT)).toMatchObject({ code: 1129 });
    for (const user of [undefined, 'jdoe']) {
      const told = await stage.why(CLIENT, user);
      expect(told.prediction.now.outcome).toBe('unknown');
      expect(exitOf(told)).toBe(3);
      expect(severitiesOf(told)).toEqual(['note cache-off']);
      expect(told.gaps).toEqual([
        expect.stringContaining('performance_schema is off'),
        expect.stringContaining('no record of failed logins'),
      ]);
      expect(toJson(told, CLIENT)).toMatchObject({ cached: null, flush: 'unknown' });
    }
  });

  it('the remedy that it names is the one that works', async () => {
    await stage.flush();
    expect(await stage.world.connectFrom(CLIENT)).toMatchObject({ code: 1129 });
    expect((await stage.why(CLIENT)).findings[0]?.remedy).toContain('FLUSH LOCAL HOSTS');
    await stage.world.query('FLUSH LOCAL HOSTS');
    expect(await stage.world.connectFrom(CLIENT)).toMatchObject({ outcome: 'admitted' });
  });
});

describe.each(FLAVOURS)('%s with a role', (flavour) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ flavour });
    await stage.world.query(`CREATE USER jdoe@'${NAME}'; CREATE ROLE reporting`);
  });
  afterAll(() => stage?.close());

  it('why without an account name still says what a flush is worth', async () => {
    const { world } = stage;
    // In MySQL a role is an account for '%', which opens the host check for all.
    const isOpen = flavour === 'mysql';
    const kept = { code: isOpen ? 1045 : 1130 };
    const outcome = isOpen ? 'admitted' : 'refused';
    await leaveNull(world);
    expect(await world.connectFrom(CLIENT)).toMatchObject(kept);
    const broken = await stage.why(CLIENT);
    expect(broken.prediction.now.outcome).toBe(outcome);
    expect(broken.forecast.effect).toBe('cures-after-fix');

    world.dns.host(CLIENT, NAME);
    expect(await world.connectFrom(CLIENT)).toMatchObject(kept);
    const fixed = await stage.why(CLIENT);
    expect(fixed.prediction.now.outcome).toBe(outcome);
    expect(fixed.forecast.effect).toBe('cures');
    expect(severitiesOf(fixed)).toContain('blocking null-host');
    expect(exitOf(fixed)).toBe(1);

    await stage.flush();
    expect(await world.connectFrom(CLIENT)).toMatchObject({ outcome: 'admitted' });
    expect(exitOf(await stage.why(CLIENT))).toBe(0);
  });

  it("a '%' that once existed is told as doubt until the server disproves it", async () => {
    const { world } = stage;
    const stranger = '192.0.2.1';
    world.dns.host(stranger, 'stranger.example.com');
    await world.query(`DROP ROLE reporting; CREATE USER any@'%'; DROP USER any@'%'`);
    expect(await world.connectFrom(stranger)).toMatchObject({ code: 1045 });
    const told = await stage.why(stranger);
    expect(told.prediction.now.outcome).toBe('refused');
    expect(severitiesOf(told)).toContain('note privileges-not-reloaded');

    await world.query('FLUSH PRIVILEGES');
    expect(await world.connectFrom(stranger)).toMatchObject({ code: 1130 });
    const rules = severitiesOf(await stage.why(stranger));
    expect(rules).toContain('blocking no-matching-account');
    expect(rules.join()).not.toContain('privileges-not-reloaded');
  });
});

describe.each(FLAVOURS)('%s that keeps no cache', (flavour) => {
  it('skip_name_resolve: accounts for names never match, and are named', async () => {
    const stage = await openStage({ flavour, args: ['--skip-name-resolve'] });
    await stage.world.query(`CREATE USER jdoe@'${NAME}', byaddress@'10.0.0.1'`);
    stage.world.dns.host(CLIENT, NAME);
    for (const { client, user, error } of [
      { client: '10.0.0.1', error: null },
      { client: CLIENT, error: 1130 },
      { client: CLIENT, user: 'jdoe', error: 1130 },
    ]) {
      const told = await stage.why(client, user);
      const attempt = await stage.world.connectFrom(client, { user: user ?? 'byaddress' });
      expect(told.prediction.now.error).toBe(error);
      expect(attempt).toMatchObject(error === null ? { outcome: 'admitted' } : { code: error });
      expect(toJson(told, client)).toMatchObject({ dns: null, cached: null, flush: 'useless' });
      const severity = error === null ? 'note' : 'blocking';
      expect(severitiesOf(told)).toContain(`${severity} name-resolution-off`);
      expect(severitiesOf(told).join()).not.toContain('never-seen');
      expect(exitOf(told)).toBe(error === null ? 0 : 1);
    }
    await stage.close();
  });

  it('host_cache_size = 0: DNS decides at each connection, nobody is blocked', async () => {
    const stage = await openStage({
      flavour,
      args: ['--host-cache-size=0', '--max-connect-errors=1'],
    });
    await stage.world.query(`CREATE USER jdoe@'${NAME}'`);
    for (const { name, outcome } of [
      { name: 'old.example.com', outcome: 'refused' },
      { name: NAME, outcome: 'admitted' },
    ]) {
      stage.world.dns.clear();
      stage.world.dns.host(CLIENT, name);
      await stage.world.breakHandshakeFrom(CLIENT, 2);
      const told = await stage.why(CLIENT, 'jdoe');
      const attempt = await stage.world.connectFrom(CLIENT);
      expect(told.prediction.now.outcome).toBe(outcome);
      expect(attempt).toMatchObject(outcome === 'admitted' ? { outcome } : { code: 1130 });
      expect(told.forecast.effect).toBe('useless');
      expect(severitiesOf(told)).toContain('note cache-off');
      expect(severitiesOf(told).join()).not.toContain('never-seen');
    }
    await stage.close();
  });
});

it('MariaDB with --skip-host-cache: the size stays, and an empty cache beside clients is told', async () => {
  const args = ['--skip-host-cache', '--max-connect-errors=1'];
  const { world, why: ask, close } = await openStage({ flavour: 'mariadb', args });
  await world.query(`CREATE USER jdoe@'${NAME}'`);
  world.dns.host(CLIENT, NAME);
  await world.breakHandshakeFrom(CLIENT, 3);
  expect(severitiesOf(await ask(CLIENT, 'jdoe'))).toEqual(['note never-seen']);
  const session = await world.openFrom(CLIENT);
  const told = await ask(CLIENT, 'jdoe');
  expect(told.prediction.now.outcome).toBe('admitted');
  expect(told.forecast.effect).toBe('useless');
  expect(severitiesOf(told)).toEqual(['note cache-off']);
  expect(told.findings[0]?.cause).toContain('--skip-host-cache');
  await session.close();
  await close();
});
