// npm run bench: how long a `why` takes, compared with its bare queries, and how much it slows logins.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import mysql, { type Connection } from 'mysql2/promise';
import { startWorld, type World } from '../sandbox/world.ts';
import { createResolver } from '../src/adapters/dns/resolver.ts';
import { createServer } from '../src/adapters/mysql/server.ts';
import { whyCommand } from '../src/diagnosis/why.ts';
import { clientAddress, fillAccounts, fillHostCache } from './crowd.ts';
import { quantile, sayTimes, timed } from './figures.ts';

const ROUNDS = 40;
const say = (line: string) => process.stdout.write(`${line}\n`);

const world = await startWorld({
  flavour: 'mysql',
  args: [
    '--host-cache-size=65536',
    '--innodb-buffer-pool-size=256M',
    '--max-connections=500',
    '--max-connect-errors=1000',
  ],
});
const { socketPath } = world;
const login = { host: 'localhost', port: 3306, socketPath, user: 'root', password: '' };
const server = createServer({ name: 'main', login });
const resolver = createResolver([world.dnsServer]);
const parts = { targets: [{ server, resolver }], now: () => new Date() };

try {
  say(`MySQL ${world.version}: ${await fillAccounts(world)} accounts`);
  const filling = await timed(async () => say(`${await fillHostCache(world)} host cache entries`));
  say(`(filled in ${(filling / 1000).toFixed(0)} s)`);
  const known = clientAddress(4242);
  await compare(`why of a client with a lasting NULL (${known})`, [known]);
  await compare('the same with an account name', [known, 'as', 'app4242']);
  await compare('why of a client without an entry', ['240.221.242.64']);
  say(`maximum memory of one such why process: ${processMemory(known)} MB`);
  await latencies(known);
} finally {
  await server.close();
  await world.stop();
}
process.exit(0);

async function ask(words: readonly string[]): Promise<void> {
  const line = words.join(' ');
  await whyCommand.run({ words, line, options: {}, caller: { kind: 'terminal' } }, parts);
}

/** Runs both in turns, so that a slower machine slows both. */
async function compare(what: string, words: readonly string[]): Promise<void> {
  const statements = await statementsOf(words);
  const bare = await mysql.createConnection({ socketPath: world.socketPath, user: 'root' });
  await bare.query("SET SESSION time_zone = '+00:00', sql_mode = ''");
  const times: { why: number; bare: number }[] = [];
  for (let round = 0; round < ROUNDS + 3; round += 1) {
    const pair = {
      bare: await timed(() => askBare(bare, statements)),
      why: await timed(() => ask(words)),
    };
    // The first rounds warm up both.
    if (round >= 3) times.push(pair);
  }
  await bare.end();
  const ratio = quantile(
    times.map((pair) => pair.why / pair.bare),
    0.5,
  );
  say(`${what}: ${sayTimes(times.map((pair) => pair.why))}`);
  say(`  its ${statements.length} bare queries: ${sayTimes(times.map((pair) => pair.bare))}`);
  say(`  median ratio of the pairs: ${ratio.toFixed(2)}`);
}

async function askBare(bare: Connection, statements: readonly string[]): Promise<void> {
  await Promise.all(statements.map((statement) => bare.query(statement)));
}

/** The statements that one `why` sends, from the server's general log. */
async function statementsOf(words: readonly string[]): Promise<readonly string[]> {
  await ask(words);
  await world.query(
    `SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON`,
  );
  await ask(words);
  await world.query('SET GLOBAL general_log = OFF');
  const rows = await world.query(
    `SELECT CONVERT(argument USING utf8mb4) AS statement FROM mysql.general_log
      WHERE command_type = 'Query' AND argument NOT LIKE 'SET GLOBAL%'`,
  );
  return rows.map(({ statement }) => String(statement));
}

/** The maximum resident memory of a `hostcache why` process, in megabytes. */
function processMemory(client: string): number {
  const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
  const report = `process.on('exit', () => process.stderr.write('maxRSS ' + process.resourceUsage().maxRSS))`;
  const { stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(report)}`, cli, 'why', client],
    {
      env: {
        ...process.env,
        MYSQL_URL: `mysql://root@localhost?socketPath=${encodeURIComponent(socketPath)}`,
        DNS_SERVERS: world.dnsServer,
      },
      encoding: 'utf8',
    },
  );
  return Math.round(Number(/maxRSS (\d+)/.exec(stderr)?.[1]) / 1024);
}

/** Login times while the server is idle, while `why` runs without pause, and while the whole cache is read. */
async function latencies(client: string): Promise<void> {
  const whole = await mysql.createConnection({ socketPath: world.socketPath, user: 'root' });
  const readAll = () => whole.query('SELECT * FROM performance_schema.host_cache');
  say(`new connections, idle: ${sayTimes(await logins(world, null))}`);
  say(`  while why runs without pause: ${sayTimes(await logins(world, () => ask([client])))}`);
  say(`  while the whole cache is read without pause: ${sayTimes(await logins(world, readAll))}`);
  await whole.end();
}

async function logins(
  { connectFrom }: World,
  beside: (() => Promise<unknown>) | null,
): Promise<readonly number[]> {
  let isOver = false;
  const busy = (async () => {
    while (beside !== null && !isOver) await beside();
  })();
  const times: number[] = [];
  for (let n = 0; n < 300; n += 1) {
    times.push(await timed(() => connectFrom(clientAddress(n), { user: 'nobody' })));
  }
  isOver = true;
  await busy;
  return times;
}
