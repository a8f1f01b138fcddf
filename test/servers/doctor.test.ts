import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startWorld } from '../../sandbox/world.ts';
import { openStore } from '../../src/adapters/store/store.ts';
import { runHostcache } from '../journeys/process.ts';
import { loginOf, placeOf } from '../logins.ts';
import {
  addAccount,
  doctor,
  folder,
  follow,
  GRANTS,
  ills,
  levelsOf,
  makeBed,
  server,
  urlOf,
  world,
} from './doctor-bed.ts';
import { mysqlUrl } from './stage.ts';

/** Broken setups on a real server: doctor finds each one, and its next step fixes it. */

const NAME = 'merp.example.com';
const CLIENT = '240.221.242.64';

makeBed();

describe('a server', () => {
  it('that is set up as the README says is all green', async () => {
    const checked = await doctor({ servers: [server()] });
    const wrong = checked.filter(({ level }) => level !== 'green');
    // Without a token, the terminal's doctor says that the bot cannot start.
    expect(wrong.map(({ check }) => check)).toEqual(['settings']);
  });

  it('that is down did not answer', async () => {
    const login = loginOf('mysql://bot:secret@127.0.0.1:1');
    const results = await ills('main: server', { servers: [server({ login })] });
    expect(levelsOf(results)).toEqual(['unanswered']);
    expect(results[0]?.says).toContain('nothing listens');
  });
});

describe('the reading account', () => {
  it.each([
    { grant: 'process', lacks: 'PROCESS', level: 'red' },
    { grant: 'cache', lacks: 'host_cache', level: 'red' },
    { grant: 'accounts', lacks: 'mysql.user', level: 'red' },
    { grant: 'log', lacks: 'error_log', level: 'yellow' },
    { grant: 'threads', lacks: 'performance_schema.threads', level: 'yellow' },
    { grant: 'bytes', lacks: 'status_by_thread', level: 'yellow' },
    { grant: 'failures', lacks: 'events_errors_summary_by_account_by_error', level: 'yellow' },
    { grant: 'totals', lacks: 'events_errors_summary_global_by_error', level: 'yellow' },
    { grant: 'logins', lacks: 'accounts of performance_schema', level: 'yellow' },
  ] as const)('that lacks $lacks', async ({ grant, lacks, level }) => {
    const name = `weak_${grant}`;
    const { [grant]: _, ...others } = GRANTS;
    await addAccount(name, Object.values(others));
    const servers = [server({ login: loginOf(urlOf(name)) })];
    const results = await ills('main: reading account', { servers });
    expect(levelsOf(results)).toEqual([level]);
    expect(results[0]?.says).toContain(lacks);
    await follow(results);
    expect(await ills('main: reading account', { servers })).toEqual([]);
  });

  it('that has nothing is given all, in one go', async () => {
    await addAccount('nothing', []);
    const servers = [server({ login: loginOf(urlOf('nothing')) })];
    const results = await ills('main: reading account', { servers });
    expect(levelsOf(results)).toEqual(['red', 'red', 'red', 'yellow', 'yellow', 'yellow']);
    await follow(results);
    expect(await ills('main: reading account', { servers })).toEqual([]);
  });

  it.each([
    { name: 'strong_reload', grant: 'GRANT RELOAD, SUPER ON *.* TO' },
    { name: 'strong_drop', grant: 'GRANT DROP ON performance_schema.host_cache TO' },
    { name: 'strong_select', grant: 'GRANT SELECT ON *.* TO' },
    { name: 'strong_hashes', grant: 'GRANT SELECT ON mysql.user TO' },
  ])('that may too much: $grant', async ({ name, grant }) => {
    await addAccount(name, [...Object.values(GRANTS), grant]);
    const servers = [server({ login: loginOf(urlOf(name)) })];
    const results = await ills('main: reading account', { servers });
    expect(levelsOf(results)).toEqual(['yellow']);
    await follow(results);
    expect(await ills('main: reading account', { servers })).toEqual([]);
  });

  it('that may too much through a role, taken on or not', async () => {
    await addAccount('strong_role', Object.values(GRANTS));
    await world.query(
      'CREATE ROLE truncator; GRANT DROP ON performance_schema.host_cache TO truncator; GRANT truncator TO strong_role@localhost',
    );
    const servers = [server({ login: loginOf(urlOf('strong_role')) })];
    const results = await ills('main: reading account', { servers });
    expect(levelsOf(results)).toEqual(['yellow']);
    expect(results[0]?.says).toContain(
      'through the role `truncator`@`%`, DROP on performance_schema',
    );
    await follow(results);
    expect(await ills('main: reading account', { servers })).toEqual([]);
  });

  it('that is root is left as it is; doctor asks for another', async () => {
    const results = await ills('main: reading account', {
      servers: [server({ login: loginOf(mysqlUrl(world)) })],
    });
    expect(levelsOf(results)).toEqual(['yellow']);
    expect(results[0]?.statements.join()).not.toContain('REVOKE');
    expect(results[0]?.statements[0]).toContain(`CREATE USER 'hostcache'@'localhost'`);
  });
});

describe('the flush account', () => {
  it.each([
    { name: 'flush_much', grants: ['GRANT RELOAD ON *.* TO', 'GRANT SELECT ON mysql.* TO'] },
    { name: 'flush_little', grants: [] },
  ])('that may too much or too little: $name', async ({ name, grants }) => {
    await addAccount(name, grants);
    const servers = [server({ flushLogin: loginOf(urlOf(name)) })];
    const results = await ills('main: flush account', { servers });
    expect(levelsOf(results)).toEqual(['red']);
    await follow(results);
    expect(await ills('main: flush account', { servers })).toEqual([]);
  });

  it('that is the reading account', async () => {
    const servers = [server({ flushLogin: loginOf(urlOf('reader')) })];
    const results = await ills('main: flush account', { servers });
    expect(levelsOf(results)).toEqual(['red']);
    expect(results[0]?.says).toContain('same account');
  });
});

describe('DNS', () => {
  it('that nobody serves', async () => {
    const servers = [server({ dnsServers: ['127.0.0.1:1'] })];
    expect(levelsOf(await ills('main: DNS', { servers }))).toEqual(['red']);
  });

  it('that knows other names than the server has cached', async () => {
    world.dns.host(CLIENT, NAME);
    await world.connectFrom(CLIENT);
    expect(await ills('main: DNS', { servers: [server()] })).toEqual([]);
    world.dns.clear();
    const results = await ills('main: DNS', { servers: [server()] });
    expect(levelsOf(results)).toEqual(['yellow']);
    expect(results[0]?.says).toContain('0 of 1');
  });
});

describe('the state', () => {
  it('that a bot has used', async () => {
    const statePlace = placeOf(`sqlite:${join(folder, 'used.db')}`);
    await (await openStore({ place: statePlace })).close();
    const files = readdirSync(folder);
    expect(await ills('state', { statePlace })).toEqual([]);
    expect(readdirSync(folder)).toEqual(files);
  });

  it('in a folder that cannot be written to', async () => {
    // Even root cannot search a file.
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const results = await ills('state', {
      statePlace: placeOf(`sqlite:${join(file, 'state.db')}`),
    });
    expect(levelsOf(results)).toEqual(['unanswered']);
    expect(results[0]?.says).toContain(`cannot be created; check owner and mode of ${file}.`);
  });

  it('in a folder that is not there', async () => {
    const statePlace = placeOf(`sqlite:${join(folder, 'nowhere', 'state.db')}`);
    const results = await ills('state', { statePlace });
    expect(levelsOf(results)).toEqual(['unanswered']);
    expect(results[0]?.says).toContain('STATE_URL');
  });
});

it('answers in a terminal with whatever settings are there, and leaves no file behind', async () => {
  const settings = { MYSQL_URL: urlOf('reader'), DNS_SERVERS: world.dnsServer };
  const empty = mkdtempSync(join(folder, 'empty-'));
  const run = runHostcache(['doctor', '--json'], settings, { folder: empty });
  const { code, stdout, stderr } = await run.ended;
  const rows = stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(rows).toContainEqual({
    check: 'main: reading account',
    level: 'green',
    says: "'reader'@'localhost' can read everything that is needed and cannot change anything.",
    next: null,
  });
  expect(rows).toContainEqual({
    check: 'state',
    level: 'green',
    says: `${join(empty, 'hostcache.db')} does not exist yet; the bot creates it when it starts.`,
    next: null,
  });
  expect(readdirSync(empty)).toEqual([]);
});

it('finds a MariaDB that hides its host cache, and lacks the view of accounts', async () => {
  const hidden = await startWorld({ flavour: 'mariadb' });
  try {
    await hidden.query("CREATE USER reader@localhost IDENTIFIED BY 'secret'");
    const login = loginOf(mysqlUrl(hidden, 'reader:secret'));
    const servers = [server({ login, flushLogin: null })];
    expect(levelsOf(await ills('main: server', { servers }))).toEqual(['red']);
    const results = await ills('main: reading account', { servers });
    expect(levelsOf(results)).toEqual(['red', 'red', 'red', 'yellow', 'yellow']);
    expect(results.at(-1)?.says).toContain('audit does not know which accounts are used');
    for (const statement of results.flatMap(({ statements }) => statements)) {
      await hidden.query(statement);
    }
    expect(await ills('main: reading account', { servers })).toEqual([]);

    // Its mysql.user works too, if necessary.
    await hidden.query(
      'DROP VIEW mysql.hostcache_accounts; GRANT SELECT ON mysql.user TO reader@localhost',
    );
    const partly = await ills('main: reading account', { servers });
    expect(new Set(levelsOf(partly))).toEqual(new Set(['yellow']));
    expect(partly[0]?.says).toContain('hides locks');
  } finally {
    await hidden.stop();
  }
});
