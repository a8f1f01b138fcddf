import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SlackPeer, startSlackPeer } from '../../sandbox/slack/peer.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { joinChecks } from '../../src/checks.ts';
import type { Config, ServerConfig } from '../../src/config.ts';
import type { Level } from '../../src/doctor/check.ts';
import { type Checked, runChecks } from '../../src/doctor/report.ts';
import { closeTargets, createTargets } from '../../src/targets.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { runHostcache } from '../journeys/process.ts';
import { mysqlUrl } from './stage.ts';

/** Broken set-ups on a real server and before a Slack of our own: each found, and mended by its next step. */

const NAME = 'merp.example.com';
const CLIENT = '240.221.242.64';

const GRANTS = {
  process: 'GRANT PROCESS ON *.* TO',
  cache: 'GRANT SELECT ON performance_schema.host_cache TO',
  log: 'GRANT SELECT ON performance_schema.error_log TO',
  accounts: `GRANT SELECT (Host, User, plugin, account_locked, password_expired, ssl_type)
    ON mysql.user TO`,
};

let world: World;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostcache-doctor-'));
  world = await startWorld({ flavour: 'mysql' });
  await addAccount('reader', Object.values(GRANTS));
  await addAccount('flusher', ['GRANT DROP ON performance_schema.host_cache TO']);
});
afterAll(async () => {
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function addAccount(name: string, grants: readonly string[]): Promise<void> {
  await world.query(`CREATE USER ${name}@localhost IDENTIFIED BY 'secret'`);
  for (const grant of grants) await world.query(`${grant} ${name}@localhost`);
}

const urlOf = (name: string) => mysqlUrl(world, `${name}:secret`);

function server(change: Partial<ServerConfig> = {}): ServerConfig {
  return {
    name: 'main',
    url: urlOf('reader'),
    flushUrl: urlOf('flusher'),
    channel: null,
    sweepCron: null,
    approvers: ['U0BOB', 'U0EVE'],
    dnsServers: [world.dnsServer],
    ...change,
  };
}

type Given = Pick<Config, 'slack' | 'servers' | 'operators' | 'stateUrl'>;

async function doctor(change: Partial<Given>): Promise<readonly Checked[]> {
  const stateUrl = `sqlite:${join(folder, 'state.db')}`;
  const config = { slack: null, servers: [], operators: [], stateUrl, ...change };
  const targets = createTargets(config.servers);
  try {
    return await runChecks(
      joinChecks({ config, targets, log: createFakeLog(), now: () => new Date() }),
    );
  } finally {
    await closeTargets(targets);
  }
}

/** What that check found, apart from what is well. */
async function ills(check: string, change: Partial<Given>) {
  const found = (await doctor(change)).filter((each) => each.check === check);
  expect(found).not.toEqual([]);
  return found.map(({ result }) => result).filter(({ level }) => level !== 'green');
}

function levelsOf(results: readonly { readonly level: Level }[]): readonly Level[] {
  return results.map(({ level }) => level);
}

/** The statements are run as they were printed, one after the other. */
async function follow(results: readonly { readonly statements: readonly string[] }[]) {
  for (const statement of results.flatMap(({ statements }) => statements)) {
    await world.query(statement);
  }
}

describe('a server', () => {
  it('that is set up as the README says is all green', async () => {
    const checked = await doctor({ servers: [server()] });
    const wrong = checked.filter(({ result }) => result.level !== 'green');
    // Without a token the terminal's doctor says that no bot can be started.
    expect(wrong.map(({ check }) => check)).toEqual(['settings']);
  });

  it('that is down did not answer', async () => {
    const url = 'mysql://bot:secret@127.0.0.1:1';
    const results = await ills('main: server', { servers: [server({ url })] });
    expect(levelsOf(results)).toEqual(['unanswered']);
    expect(results[0]?.says).toContain('nothing listens');
  });
});

describe('the reading account', () => {
  const { process, cache, log, accounts } = GRANTS;

  it.each([
    { name: 'weak_process', lacks: 'PROCESS', grants: [cache, log, accounts], level: 'red' },
    { name: 'weak_cache', lacks: 'host_cache', grants: [process, log, accounts], level: 'red' },
    { name: 'weak_accounts', lacks: 'mysql.user', grants: [process, cache, log], level: 'red' },
    { name: 'weak_log', lacks: 'error_log', grants: [process, cache, accounts], level: 'yellow' },
  ])('that lacks $lacks', async ({ name, lacks, grants, level }) => {
    await addAccount(name, grants);
    const servers = [server({ url: urlOf(name) })];
    const results = await ills('main: reading account', { servers });
    expect(levelsOf(results)).toEqual([level]);
    expect(results[0]?.says).toContain(lacks);
    await follow(results);
    expect(await ills('main: reading account', { servers })).toEqual([]);
  });

  it('that has nothing is given all, in one go', async () => {
    await addAccount('nothing', []);
    const servers = [server({ url: urlOf('nothing') })];
    const results = await ills('main: reading account', { servers });
    expect(levelsOf(results)).toEqual(['red', 'red', 'red', 'yellow']);
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
    const servers = [server({ url: urlOf(name) })];
    const results = await ills('main: reading account', { servers });
    expect(levelsOf(results)).toEqual(['yellow']);
    await follow(results);
    expect(await ills('main: reading account', { servers })).toEqual([]);
  });

  it('that is root is left as it is: another is to be made', async () => {
    const results = await ills('main: reading account', {
      servers: [server({ url: mysqlUrl(world) })],
    });
    expect(levelsOf(results)).toEqual(['yellow']);
    expect(results[0]?.statements.join()).not.toContain('REVOKE');
    expect(results[0]?.statements[0]).toContain(`CREATE USER 'hostcache'@'localhost'`);
  });
});

describe('the flushing account', () => {
  it.each([
    { name: 'flush_much', grants: ['GRANT RELOAD ON *.* TO', 'GRANT SELECT ON mysql.* TO'] },
    { name: 'flush_little', grants: [] },
  ])('that may too much or too little: $name', async ({ name, grants }) => {
    await addAccount(name, grants);
    const servers = [server({ flushUrl: urlOf(name) })];
    const results = await ills('main: flushing account', { servers });
    expect(levelsOf(results)).toEqual(['red']);
    await follow(results);
    expect(await ills('main: flushing account', { servers })).toEqual([]);
  });

  it('that is the reading account', async () => {
    const servers = [server({ flushUrl: urlOf('reader') })];
    const results = await ills('main: flushing account', { servers });
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
  it('in a folder that is not there', async () => {
    const stateUrl = `sqlite:${join(folder, 'nowhere', 'state.db')}`;
    const results = await ills('state', { stateUrl });
    expect(levelsOf(results)).toEqual(['unanswered']);
    expect(results[0]?.says).toContain('STATE_URL');
  });
});

describe('Slack', () => {
  let peer: SlackPeer;
  let channel: string;

  async function open(botScopes?: readonly string[]): Promise<void> {
    peer = await startSlackPeer(botScopes === undefined ? {} : { botScopes });
    channel = peer.workspace.addChannel({ name: 'ops', botIsMember: true }).id;
  }

  function given(change: Partial<ServerConfig> = {}): Partial<Given> {
    const { botToken, appToken, apiUrl } = peer;
    const transport = { mode: 'socket', appToken } as const;
    const servers = [server({ channel, sweepCron: '* * * * *', ...change })];
    return { slack: { botToken, transport, apiUrl }, servers };
  }

  it('that gives a needed scope and an optional one too few', async () => {
    await open([
      'commands',
      'chat:write',
      'users:read',
      'usergroups:read',
      'channels:history',
      'groups:history',
      'channels:read',
    ]);
    const results = await ills('Slack', given());
    await peer.stop();
    expect(results.map(({ level, says }) => [level, /scope (\S+):/.exec(says)?.[1]])).toEqual([
      ['red', 'files:write'],
      ['yellow', 'groups:read'],
    ]);
  });

  it('where the bot is not in the channel, or there is none', async () => {
    await open();
    expect(await ills('Slack', given())).toEqual([]);
    const elsewhere = peer.workspace.addChannel({ name: 'lobby', botIsMember: false }).id;
    const outside = await ills('Slack', given({ channel: elsewhere }));
    const nowhere = await ills('Slack', given({ channel: 'C0NOWHERE' }));
    const group = await ills('Slack', given({ approvers: ['S0NOWHERE'] }));
    peer.workspace.changeChannel(elsewhere, { botIsMember: true });
    expect(await ills('Slack', given({ channel: elsewhere }))).toEqual([]);
    await peer.stop();
    expect(levelsOf([...outside, ...nowhere, ...group])).toEqual(['red', 'red', 'red']);
    expect(outside[0]?.next).toContain('/invite @hostcache');
    expect(nowhere[0]?.says).toContain('C0NOWHERE');
    expect(group[0]?.says).toContain('no_such_subteam');
  });

  it('that does not know a token, or is away', async () => {
    await open();
    peer.spoil('app', 'invalid_auth');
    const app = await ills('Slack', given());
    peer.spoil('bot', 'token_revoked');
    const bot = await ills('Slack', given());
    await peer.stop();
    const away = await ills('Slack', given());
    expect(levelsOf([...app, ...bot, ...away])).toEqual(['unanswered', 'unanswered', 'unanswered']);
    expect(app[0]?.says).toContain('SLACK_APP_TOKEN: invalid_auth');
    expect(bot[0]?.says).toContain('SLACK_BOT_TOKEN: token_revoked');
  });
});

it('answers in a terminal with whatever settings are there', async () => {
  const settings = { MYSQL_URL: urlOf('reader'), DNS_SERVERS: world.dnsServer };
  const { code, stdout, stderr } = await runHostcache(['doctor', '--json'], settings, { folder })
    .ended;
  const rows = stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(rows).toContainEqual({
    check: 'main: reading account',
    level: 'green',
    says: "'reader'@'localhost' may read all that is needed, and change nothing.",
    next: null,
  });
});

it('finds a MariaDB that hides its host cache, and lacks the view of accounts', async () => {
  const hidden = await startWorld({ flavour: 'mariadb' });
  try {
    await hidden.query("CREATE USER reader@localhost IDENTIFIED BY 'secret'");
    const url = mysqlUrl(hidden, 'reader:secret');
    const servers = [server({ url, flushUrl: null })];
    expect(levelsOf(await ills('main: server', { servers }))).toEqual(['red']);
    const results = await ills('main: reading account', { servers });
    expect(levelsOf(results)).toEqual(['red', 'red', 'red']);
    for (const statement of results.flatMap(({ statements }) => statements)) {
      await hidden.query(statement);
    }
    expect(await ills('main: reading account', { servers })).toEqual([]);

    // Its mysql.user will do, if need be.
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
