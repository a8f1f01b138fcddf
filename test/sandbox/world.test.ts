/** The sandbox's real database servers, with their DNS and network. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';

const CLIENT = '240.221.242.64';

const FLAVOURS = [
  { flavour: 'mysql', args: [], flush: 'TRUNCATE TABLE performance_schema.host_cache' },
  { flavour: 'mariadb', args: ['--performance-schema=ON'], flush: 'FLUSH HOSTS' },
] as const;

describe.each(FLAVOURS)('a world of $flavour', ({ flavour, args, flush }) => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ flavour, args: ['--max-connect-errors=3', ...args] });
    await world.query("CREATE USER jdoe@'merp.example.com', any@'10.%', any@'2001:db8:%'");
  });
  afterAll(() => world?.stop());
  beforeEach(async () => {
    world.dns.clear();
    await world.query(flush);
  });

  const entry = async (address: string) => {
    const rows = await world.query('SELECT * FROM performance_schema.host_cache WHERE IP = ?', [
      address,
    ]);
    return rows[0];
  };

  it('keeps a host without a name out until DNS is fixed and the cache is flushed', async () => {
    const refused = { outcome: 'error', code: 1130 };
    expect(await world.connectFrom(CLIENT)).toMatchObject(refused);
    expect(await entry(CLIENT)).toMatchObject({ HOST: null, HOST_VALIDATED: 'YES' });

    world.dns.host(CLIENT, 'merp.example.com');
    expect(await world.connectFrom(CLIENT)).toMatchObject(refused);
    expect(world.dns.asked.filter(({ asker }) => asker === 'server')).toHaveLength(1);

    await world.query(flush);
    const account = 'jdoe@merp.example.com';
    expect(await world.connectFrom(CLIENT)).toMatchObject({ currentUser: account, user: account });
  });

  it('queries DNS again after a temporary failure', async () => {
    world.dns.outage('SERVFAIL');
    expect(await world.connectFrom(CLIENT)).toMatchObject({ outcome: 'error', code: 1130 });
    expect(await entry(CLIENT)).toMatchObject({ HOST: null, HOST_VALIDATED: 'NO' });

    world.dns.outage(null);
    world.dns.host(CLIENT, 'merp.example.com');
    expect(await world.connectFrom(CLIENT)).toMatchObject({ outcome: 'admitted' });
    expect(await entry(CLIENT)).toMatchObject({ HOST: 'merp.example.com', HOST_VALIDATED: 'YES' });
  });

  it.each(['fin', 'rst', 'http'] as const)(
    'blocks a host after handshakes broken by %s',
    async (breakWith) => {
      world.dns.host(CLIENT, 'merp.example.com');
      const greeted = { outcome: 'greeted' };
      expect(await world.breakHandshakeFrom(CLIENT, 3, breakWith)).toEqual([
        greeted,
        greeted,
        greeted,
      ]);
      await expect.poll(() => entry(CLIENT)).toMatchObject({ SUM_CONNECT_ERRORS: 3 });
      expect(await world.connectFrom(CLIENT)).toMatchObject({ outcome: 'error', code: 1129 });
    },
  );

  it('sees IPv6 clients', async () => {
    world.dns.host('2001:db8::5', 'six.example.com');
    const admitted = {
      outcome: 'admitted',
      currentUser: 'any@2001:db8:%',
      user: 'any@six.example.com',
    };
    expect(await world.connectFrom('2001:db8::5', { user: 'any' })).toEqual(admitted);
    expect(await entry('2001:db8::5')).toMatchObject({ HOST: 'six.example.com' });
  });

  it('keeps sessions and half-open connections open', async () => {
    const session = await world.openFrom('10.0.0.7', { user: 'any' });
    const { greeting, close } = await world.hangFrom('10.0.0.8');
    expect(greeting).toEqual({ outcome: 'greeted' });
    const hosts =
      "SELECT USER, SUBSTRING_INDEX(HOST, ':', 1) AS HOST FROM information_schema.processlist";
    expect(await world.query(hosts)).toEqual(
      expect.arrayContaining([
        { USER: 'any', HOST: '10.0.0.7' },
        { USER: 'unauthenticated user', HOST: '10.0.0.8' },
      ]),
    );
    expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await Promise.all([session.close(), close()]);
  });

  it('reports a wrong password and a refused host differently', async () => {
    await world.query("CREATE USER locked@'10.%' IDENTIFIED BY 'secret'");
    const from = (password: string) => world.connectFrom('10.0.0.9', { user: 'locked', password });
    expect(await from('wrong')).toMatchObject({ outcome: 'error', code: 1045 });
    expect(await from('secret')).toMatchObject({ outcome: 'admitted' });
  });
});
