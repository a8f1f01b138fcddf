import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type FlushStage, openFlushStage, plainText } from '../journeys/flush-stage.ts';

/** Flushes MariaDB with the statement that works there: TRUNCATE or FLUSH LOCAL HOSTS, or without seeing the cache. */

let world: World;
let stage: FlushStage | undefined;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mariadb', args: ['--performance-schema=ON'] });
});

afterAll(() => world.stop());
afterEach(() => stage?.stop());

const CLIENT = '240.221.242.64';
const NAME = 'merp.example.com';

const RELOAD = `REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'flusher'@'localhost';
  GRANT RELOAD ON *.* TO 'flusher'@'localhost'`;

it.each([
  {
    name: 'with performance_schema',
    args: ['--performance-schema=ON'],
    grant: '',
    runs: 'TRUNCATE TABLE performance_schema.host_cache',
    lacking: 'DROP',
  },
  {
    name: 'read_only',
    args: ['--performance-schema=ON', '--read-only=ON'],
    grant: RELOAD,
    runs: 'FLUSH LOCAL HOSTS',
    lacking: 'RELOAD',
  },
  {
    name: 'without performance_schema',
    args: ['--performance-schema=OFF'],
    grant: RELOAD,
    runs: 'FLUSH LOCAL HOSTS',
    lacking: 'RELOAD',
  },
])('$name', async ({ args, grant, runs, lacking }) => {
  await world.restart(args);
  const on = await openFlushStage(world);
  stage = on;
  const isBlind = args.includes('--performance-schema=OFF');
  await world.query(`REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'flusher'@'localhost';
    CREATE USER IF NOT EXISTS jdoe@'${NAME}'`);
  await on.start();
  expect(await on.ask('alice', 'flush too weak')).toContain(
    `the flush account does not have ${lacking}`,
  );
  await world.query(
    grant || "GRANT DROP ON performance_schema.host_cache TO 'flusher'@'localhost'",
  );
  world.dns.clear();
  await world.connectFrom(CLIENT);
  world.dns.host(CLIENT, NAME);
  const why = await on.inTerminal(['why', CLIENT]);
  expect(why).toContain(runs);
  if (!isBlind) {
    expect(why).toContain(`${runs};`);
    await on.ask('alice', 'sweep');
    expect(plainText(await on.card(/host without a name/))).toContain(runs);
  }
  await on.ask('alice', 'flush DNS is fixed');
  const card = await on.card(/Approval needed/);
  expect(plainText(card)).toContain(`${runs};`);
  if (isBlind) {
    expect(plainText(card)).toContain('the result cannot be saved or verified');
    expect(plainText(card)).not.toMatch(/0 entries|emptied|No host is blocked/);
  }
  await on.approve('bob', card);
  const done = plainText(await on.card(/(Flushed|Failed|Uncertain).*: flush main/));
  expect(done).toContain(isBlind ? 'Uncertain' : 'Flushed: flush main');
  expect(done).toContain(
    isBlind
      ? 'the result cannot be verified: performance_schema is off'
      : 'The cache was emptied: 1 entry before, 0 now.',
  );
  const saved = on.peer.workspace.messages.filter(({ files }) => files.length > 0);
  if (isBlind) expect(saved).toEqual([]);
  else {
    const rows = await world.query('SELECT * FROM performance_schema.host_cache');
    expect(rows).toEqual([]);
  }
});
