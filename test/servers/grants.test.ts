import { readFileSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFlusher } from '../../src/adapters/mysql/flusher.ts';
import { createReaderCheck } from '../../src/adapters/mysql/reader-check.ts';
import { accountsCommand } from '../../src/diagnosis/account-list.ts';
import type { Target } from '../../src/diagnosis/gather.ts';
import { pendingCommand } from '../../src/diagnosis/pending.ts';
import { whyCommand } from '../../src/diagnosis/why.ts';
import { loginOf } from '../logins.ts';
import { FLAVOURS, mysqlUrl, openStage, type Stage, why } from './stage.ts';

/** The README's grants: the reading account sees everything that root sees and changes nothing; the flush account flushes and sees nothing. */

const NAME = 'merp.example.com';

const CLIENTS = [
  { name: 'NULL', client: '240.221.242.64' },
  { name: 'NULL, a name rejected', client: '240.221.242.65' },
  { name: 'a good name', client: '240.221.242.66' },
  { name: 'blocked', client: '240.221.242.67' },
  { name: 'never seen', client: '240.221.242.68' },
  { name: 'known by address', client: '10.0.0.1' },
  { name: 'loopback', client: '127.0.0.1' },
];

/** The statements of the README's code block with these words, for accounts of localhost. */
function readmeGrants(words: string): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const block = blocks.find((text) => text.includes(words));
  if (block === undefined) throw new Error(`the README has no grants with ${words}`);
  return block.replaceAll('<address of the bot>', 'localhost').replaceAll('…', 'secret');
}

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;
  let bot: Target;

  beforeAll(async () => {
    stage = await openStage({ flavour, args: ['--max-connect-errors=2'] });
    const { world } = stage;
    await world.query(readmeGrants(flavour === 'mysql' ? '-- MySQL' : '-- MariaDB:'));
    await world.query(readmeGrants('hostcache_flush'));
    await world.query(`CREATE USER jdoe@'${NAME}', any@'10.0.0.1', ''@'240.221.242.66';
      CREATE USER locked@'240.%' ACCOUNT LOCK; CREATE USER tls@'240.%' REQUIRE X509;
      CREATE ROLE reporting`);
    const at = (last: number) => `240.221.242.${last}`;
    world.dns.host(at(65), '65.example.com');
    for (const last of [66, 67]) world.dns.host(at(last), NAME);
    for (const last of [64, 65, 66]) await world.connectFrom(at(last));
    await world.breakHandshakeFrom(at(67), 2);
    bot = stage.as('hostcache:secret');
  });
  afterAll(async () => {
    await bot?.server.close();
    await stage?.close();
  });

  it.each(CLIENTS)('sees of $client ($name) what root sees', async ({ client }) => {
    for (const user of [undefined, 'jdoe', 'locked', 'tls', 'ghost']) {
      const [seen, all] = [await why(bot, client, user), await stage.why(client, user)];
      const isRecorded = flavour === 'mysql';
      expect(seen.gaps).toEqual(
        isRecorded ? [] : [expect.stringContaining('keeps no record of failed logins')],
      );
      expect(seen.evidence.failures.known).toBe(isRecorded);
      expect(seen.findings).toEqual(all.findings);
      expect(seen.prediction).toEqual(all.prediction);
      expect(seen.forecast).toEqual(all.forecast);
      expect(seen.evidence.entry).toEqual(all.evidence.entry);
      expect(seen.evidence.activity.known).toBe(true);
    }
  });

  it.each(['accounts', 'accounts 240.221.242.64', `accounts ${NAME}`, 'pending', `why ${NAME}`])(
    '%s answers',
    async (line) => {
      // From an address that the server never blocks.
      const half = await stage.world.hangFrom('127.0.0.1');
      const reply = async (target: Target) => {
        const commands = [whyCommand, accountsCommand, pendingCommand];
        const [name, ...words] = line.split(' ');
        const command = commands.find((each) => each.name === name);
        const request = {
          words,
          line: words.join(' '),
          options: {},
          caller: { kind: 'terminal' },
        } as const;
        return command?.run(request, { targets: [target], now: () => new Date(0) });
      };
      const [seen, all] = [await reply(bot), await reply(stage.target)];
      await half.close();
      expect(seen?.exit).not.toBe(3);
      expect(seen?.rows).toEqual(all?.rows);
      expect(seen?.rows.length).toBeGreaterThan(0);
    },
  );

  it.each([
    'TRUNCATE TABLE performance_schema.host_cache',
    'DELETE FROM performance_schema.host_cache',
    'SET GLOBAL host_cache_size = 200',
    'SET GLOBAL max_connect_errors = 1',
    'FLUSH LOCAL HOSTS',
    'FLUSH PRIVILEGES',
    'SELECT authentication_string FROM mysql.user',
    'CREATE DATABASE mine',
  ])('the reading account may not: %s', async (statement) => {
    expect(REFUSALS[flavour]).toContain(await refusalOf(stage, 'hostcache', statement));
  });

  it.each([
    'SELECT IP FROM performance_schema.host_cache',
    'SELECT User FROM mysql.user',
    'SELECT * FROM mysql.hostcache_accounts',
    'SELECT trx_id FROM information_schema.innodb_trx',
    'DELETE FROM performance_schema.host_cache',
    'SET GLOBAL host_cache_size = 200',
    'FLUSH LOCAL HOSTS',
    'FLUSH PRIVILEGES',
    'SHOW GRANTS FOR hostcache@localhost',
    'CREATE DATABASE mine',
  ])('the flush account may not: %s', async (statement) => {
    expect(REFUSALS[flavour]).toContain(await refusalOf(stage, 'hostcache_flush', statement));
  });

  it('each may do its own, and is told so; as the other it is refused by name', async () => {
    const flusherAs = (account: string) =>
      createFlusher({ name: 'main', login: loginOf(mysqlUrl(stage.world, account)) });
    expect(await flusherAs('hostcache_flush:secret').mayFlush()).toEqual({ kind: 'may' });
    expect(await flusherAs('hostcache:secret').mayFlush()).toMatchObject({
      kind: 'off',
      why: expect.stringContaining('may do more than flush: GRANT PROCESS ON *.*'),
    });
    const asReader = stage.as('hostcache_flush:secret');
    await expect(asReader.server.cache()).rejects.toThrow(/a privilege is missing: .*1142/);
    await asReader.server.close();
    const check = createReaderCheck({
      server: bot.server,
      login: loginOf(mysqlUrl(stage.world, 'hostcache:secret')),
    });
    expect(await check.run()).toMatchObject([{ level: 'green' }]);
    for (const more of ['DROP ON performance_schema.host_cache', 'RELOAD ON *.*']) {
      await stage.world.query(`GRANT ${more} TO hostcache@localhost`);
      const found = await check.run();
      const says = expect.stringContaining('it could flush the host cache');
      expect(found).toMatchObject([{ level: 'yellow', says }]);
      for (const statement of found.flatMap(({ statements }) => statements)) {
        await stage.world.query(statement);
      }
      expect(await check.run()).toMatchObject([{ level: 'green' }]);
    }
    for (const more of flavour === 'mariadb' ? PUBLIC_GRANTS : []) {
      await stage.world.query(more);
      const found = await check.run();
      expect(found).toMatchObject([{ level: 'yellow' }]);
      for (const statement of found.flatMap(({ statements }) => statements)) {
        await stage.world.query(statement);
      }
      expect(await check.run()).toMatchObject([{ level: 'green' }]);
    }
    const flush = 'TRUNCATE TABLE performance_schema.host_cache';
    expect(await refusalOf(stage, 'hostcache_flush', flush)).toBeNull();
  });
});

const PUBLIC_GRANTS = [
  'GRANT SELECT, DROP ON mysql.* TO PUBLIC',
  'GRANT DROP ON performance_schema.host_cache TO PUBLIC',
  'GRANT RELOAD ON *.* TO PUBLIC',
  'GRANT INSERT ON mysql.* TO reporting; GRANT reporting TO PUBLIC',
];

/** Errors for a missing privilege, and for statements that MySQL 9 no longer has. */
const REFUSALS = {
  mysql: [1044, 1142, 1143, 1227, 1064],
  mariadb: [1044, 1142, 1143, 1227],
} as const;

/** The error number that one of the bot's accounts gets; null = none. */
async function refusalOf({ world }: Stage, user: string, statement: string): Promise<unknown> {
  const connection = await createConnection({
    socketPath: world.socketPath,
    user,
    password: 'secret',
  });
  try {
    await connection.query(statement);
    return null;
  } catch (error) {
    return error instanceof Error && 'errno' in error ? error.errno : error;
  } finally {
    await connection.end();
  }
}
