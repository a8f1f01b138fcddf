import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapAtOnce } from '../../src/chat/waiting.ts';
import { FLAVOURS, openStage, type Stage } from './stage.ts';

/** A large host cache of which few columns are read says the same as all of its columns. */

const QUIET = 1_000;

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({
      flavour,
      args: ['--host-cache-size=2000', '--max-connect-errors=3'],
    });
    const { world } = stage;
    await world.query("CREATE USER app@'10.%'");
    const address = (n: number) => `10.0.${n >> 8}.${n & 255}`;
    const numbers = Array.from({ length: QUIET + 10 }, (_, n) => n);
    // The last five have no name.
    for (const n of numbers.slice(0, -5)) world.dns.host(address(n), `host${n}.example.com`);
    await mapAtOnce(32, numbers, (n) => world.connectFrom(address(n), { user: 'app' }));
    for (const n of numbers.slice(-8)) await world.breakHandshakeFrom(address(n), n % 4);
    await world.connectFrom(address(1), { user: 'app', password: 'wrong' });
  });
  afterAll(() => stage?.close());

  it('is read in few columns, and says the same', async () => {
    const { world, target } = stage;
    const other = stage.as('root');
    await world.query("SET GLOBAL log_output = 'TABLE', GLOBAL general_log = ON");
    await target.server.cache();
    const quiet = await target.server.cache();
    const whole = await other.server.cache();
    await other.server.close();
    const asked = await world.query(
      "SELECT argument FROM mysql.general_log WHERE argument LIKE 'SELECT IP, HOST, UNIX%'",
    );
    expect(asked).toHaveLength(1);
    expect(quiet).toEqual(whole);
    expect(quiet.total).toBe(QUIET + 10);
    expect(quiet.notable.map(({ connectErrors }) => connectErrors)).toContain(3);
    expect(quiet.notable.filter(({ host }) => host === null)).toHaveLength(5);
  });
});
