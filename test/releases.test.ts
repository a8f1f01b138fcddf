import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFlusher } from '../src/adapters/mysql/flusher.ts';
import { createFlusherCheck } from '../src/adapters/mysql/flusher-check.ts';
import { createServer } from '../src/adapters/mysql/server.ts';
import { createServerCheck } from '../src/adapters/mysql/server-check.ts';
import { type Diagnosis, diagnose } from '../src/diagnosis/diagnose.ts';
import { gather } from '../src/diagnosis/gather.ts';
import { readShown } from '../src/flush/flush.ts';
import { cardMessage } from '../src/flush/messages.ts';
import type { FlushRequest } from '../src/flush/request.ts';
import { manualUrl } from '../src/hostcache/manual.ts';
import { PROVED, releaseOf } from '../src/hostcache/release.ts';
import { parseVersion, type ServerSettings } from '../src/hostcache/settings.ts';
import { observe } from '../src/sweep/observe.ts';
import { createFakeResolver } from './fakes/resolver.ts';
import { type ScriptedServer, startScriptedServer } from './fakes/scripted-mysql.ts';
import { createFakeServer } from './fakes/server.ts';
import { loginOf } from './logins.ts';
import { JDOE } from './scenarios/accounts.ts';
import { CLIENT } from './scenarios/clients.ts';
import { entry } from './scenarios/entries.ts';
import { MYSQL } from './scenarios/servers.ts';

/** On every release `why`, alerts, the card, the flusher, doctor and the README say the same. */

const TRUNCATE = 'TRUNCATE TABLE performance_schema.host_cache';
const FLUSH = 'FLUSH LOCAL HOSTS';

interface Row {
  readonly version: string;
  /** Whether the cache is seen with performance_schema off, and what flushes it then. */
  readonly off: readonly ['yes' | 'no' | 'if-rows', string];
  /** What flushes it under read_only. */
  readonly readOnly: string;
  readonly evicts: 'most' | 'least';
  readonly proved?: boolean;
  readonly manual: string;
  /** How the README's table calls it. */
  readonly readme: string;
}

const MARIADB_MANUAL = 'https://mariadb.com/docs/server/';
const mysqlManual = (series: string) => `https://dev.mysql.com/doc/refman/${series}/en/`;

const OLD = { off: ['no', FLUSH], readOnly: FLUSH } as const;
const IN_DOUBT = { off: ['if-rows', FLUSH], readOnly: TRUNCATE, evicts: 'most' } as const;
const NEW = { off: ['yes', TRUNCATE], readOnly: TRUNCATE, evicts: 'most' } as const;
const MARIADB = { ...OLD, evicts: 'least', manual: MARIADB_MANUAL, readme: 'MariaDB' } as const;

const OLD_8 = 'MySQL 8.0 before 8.0.22';
const DOUBTED_8 = 'MySQL 8.0.22 to 8.0.29';
const NEWEST = 'MySQL 8.0.30 and newer, 8.4, 9';

const RELEASES: readonly Row[] = [
  ...[
    { version: '5.6.51', series: '5.6' },
    { version: '5.7.44', series: '5.7' },
  ].map(({ version, series }): Row => {
    const manual = mysqlManual(series);
    return { version, ...OLD, evicts: 'least', manual, readme: 'MySQL 5.6, 5.7' };
  }),
  ...['8.0.11', '8.0.21'].map((version): Row => {
    return { version, ...OLD, evicts: 'most', manual: mysqlManual('8.0'), readme: OLD_8 };
  }),
  ...['8.0.22', '8.0.23', '8.0.29'].map((version): Row => {
    return { version, ...IN_DOUBT, manual: mysqlManual('8.0'), readme: DOUBTED_8 };
  }),
  ...['8.0.30', '8.0.36', '8.0.44', '8.1.0', '8.2.0', '8.3.0', '8.4.0', '8.4.6'].map(
    (version): Row => {
      return { version, ...NEW, manual: mysqlManual(version.slice(0, 3)), readme: NEWEST };
    },
  ),
  ...['9.0.1', '9.1.0', '9.2.0', '9.3.0', '9.4.0', '9.5.0', '9.6.0', '9.7.3', '9.8.0', '9.9.0'].map(
    (version): Row => {
      return { version, ...NEW, manual: mysqlManual(version.slice(0, 3)), readme: NEWEST };
    },
  ),
  { version: '9.7.4', ...NEW, proved: true, manual: mysqlManual('9.7'), readme: NEWEST },
  ...['10.5.23', '10.6.17', '11.4.5', '12.1.2'].map((version): Row => {
    return { version: `${version}-MariaDB`, ...MARIADB };
  }),
  { version: '10.11.18-MariaDB', ...MARIADB, proved: true },
  { version: '11.8.9-MariaDB', ...MARIADB, proved: true },
];

const MODES = [
  { mode: 'as it comes', performanceSchema: true, readOnly: false },
  { mode: 'performance_schema off', performanceSchema: false, readOnly: false },
  { mode: 'read only', performanceSchema: true, readOnly: true },
  { mode: 'performance_schema off, read only', performanceSchema: false, readOnly: true },
];

const CASES = RELEASES.flatMap((row) =>
  MODES.map(({ mode, performanceSchema, readOnly }) => {
    const release = parseVersion(row.version, '');
    if (release === null) throw new Error(row.version);
    const settings: ServerSettings = { ...MYSQL, ...release, performanceSchema, readOnly };
    const [seen, flushOff] = performanceSchema ? (['yes', TRUNCATE] as const) : row.off;
    const flush = flushOff === FLUSH || !readOnly ? flushOff : row.readOnly;
    return { ...row, mode, settings, seen, flush };
  }),
);

type Case = (typeof CASES)[number];

describe.each(CASES)('$version, $mode', (row) => {
  const { settings, seen, flush, evicts, manual, proved = false } = row;
  let scripted: ScriptedServer;
  let server: ReturnType<typeof createServer>;

  beforeAll(async () => {
    scripted = await startScriptedServer({
      settings,
      hidesCache: seen === 'no',
      refusesTruncate: settings.readOnly && row.readOnly === FLUSH,
      grants: {
        flusher: [grantFor(row, '`flusher`@`%`')],
        weak: ['GRANT USAGE ON *.* TO `weak`@`%`'],
      },
    });
    server = createServer({ name: 'main', login: loginOf(scripted.url('reader')) });
  });

  afterAll(async () => {
    await server.close();
    await scripted.stop();
  });

  it('the table', async () => {
    expect(await server.settings()).toEqual(settings);
    expect(releaseOf(settings)).toMatchObject({
      showsCache: seen,
      flush: { sql: flush, privilege: flush === FLUSH ? 'RELOAD' : 'DROP' },
      evicts: `${evicts} recently used`,
      isProved: proved,
    });
    expect(manualUrl('blocked-host', settings).startsWith(manual)).toBe(true);
  });

  it('why', async () => {
    const blocked = await why(settings);
    const flushes = [
      ...JSON.stringify(blocked.findings).matchAll(/TRUNCATE TABLE [\w.]+|FLUSH \w+ HOSTS/g),
    ];
    expect(new Set(flushes.map(([sql]) => sql))).toEqual(new Set([flush]));
    expect(blocked.findings.length).toBeGreaterThan(0);
    for (const { source } of blocked.findings) expect(source.slice(0, manual.length)).toBe(manual);
    expect(blocked.evidence.entry.known).toBe(seen !== 'no');
    const gaps = blocked.gaps.join(' ');
    expect(/have not been proved on/.test(gaps)).toBe(!proved);
    expect(/cannot be seen: performance_schema is off/.test(gaps)).toBe(seen === 'no');
    if (seen !== 'no') expect(causeOf(await why(settings, true), 'cache-full')).toContain(evicts);
  });

  it('an alert', () => {
    const cache = { total: 279, notable: [], named: [], errorTotals: {}, oldestAt: null };
    const unknown = { known: false, why: 'not asked' } as const;
    const found = observe(
      {
        server: 'main',
        settings: { known: true, value: settings },
        cache: { known: true, value: cache },
        activity: unknown,
        namedAccounts: unknown,
        names: new Map(),
        readAt: new Date(),
      },
      { nullHostAlerts: 'all', paces: new Map() },
    );
    expect(found.find(({ rule }) => rule === 'cache-full')?.fact).toContain(
      `the ${evicts} recently used`,
    );
  });

  it('the card', async () => {
    for (const isFull of [false, true]) {
      scripted.cached.clear();
      if (isFull) scripted.cached.add(CLIENT.text);
      const card = await cardOf(server);
      expect(card.shown.statement).toBe(flush);
      const text = JSON.stringify(cardMessage(card, { approvers: [] }));
      expect(text).toContain(`"${flush};"`);
      const isSeen = seen === 'yes' || (seen === 'if-rows' && isFull);
      expect(text.includes('cannot be seen, because performance_schema is off')).toBe(!isSeen);
      expect(/\d entr(y|ies)|No host is blocked/.test(text)).toBe(isSeen);
    }
  });

  it('the flusher', async () => {
    scripted.flushes.length = 0;
    scripted.cached.add(CLIENT.text);
    const flusher = createFlusher({
      name: 'main',
      login: loginOf(scripted.url('flusher')),
      readLogin: loginOf(scripted.url('reader')),
    });
    expect(await flusher.mayFlush()).toEqual({ kind: 'may' });
    const session = await flusher.open();
    expect(await session.flush()).toEqual({ kind: 'flushed' });
    session.close();
    expect(scripted.flushes).toEqual([flush]);
    expect(scripted.cached.size).toBe(0);
  });

  it('doctor', async () => {
    scripted.cached.clear();
    const login = loginOf(scripted.url('reader'));
    const now = () => new Date();
    const told = await createServerCheck({ server, login, now }).run();
    const [release, sight, full] = told;
    expect(release?.level).toBe(proved ? 'green' : 'yellow');
    expect(sight?.level).toBe({ yes: 'green', no: 'red', 'if-rows': 'yellow' }[seen]);
    expect(full?.says).toContain(`the ${evicts} recently used`);
    for (const account of ['weak', 'reader']) {
      const flushLogin = loginOf(scripted.url(account));
      const [result] = await createFlusherCheck({ name: 'main', login, flushLogin }).run();
      const to = account === 'weak' ? "'weak'@'%'" : "'hostcache_flush'@'<address of the bot>'";
      expect(result?.statements.at(-1)).toBe(`${grantFor(row, to)};`);
    }
  });
});

describe('the README', () => {
  const README = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const section = README.split(/^### /m).find((part) => part.startsWith('Releases\n')) ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it.each(RELEASES)('$version', ({ readme, off, readOnly, evicts }) => {
    const short = (sql: string) => (sql === TRUNCATE ? '`TRUNCATE`' : `\`${sql}\``);
    const [seen, flushOff] = off;
    expect(rows.filter(([, name]) => name === readme).map((row) => row.slice(2, -1))).toEqual([
      [
        { yes: 'visible', no: 'hidden', 'if-rows': 'visible if it returns rows' }[seen],
        short(TRUNCATE),
        short(flushOff),
        short(readOnly),
        `the ${evicts} recently used`,
      ],
    ]);
  });

  it('has no row that nothing here tries', () => {
    expect(rows.map(([, name]) => name)).toEqual([
      ...new Set(RELEASES.map(({ readme }) => readme)),
    ]);
    expect(section).toContain(
      `\`TRUNCATE\` stands for \`${TRUNCATE}\` and needs DROP on that table`,
    );
    expect(section).toMatch(new RegExp(`\`${FLUSH}\` [^|]*It needs RELOAD\\.`));
  });

  it('names what is proved', () => {
    for (const { flavour, on } of PROVED) {
      expect(README).toMatch(new RegExp(`${flavour === 'mysql' ? 'MySQL' : 'MariaDB'} ${on}\\b`));
    }
  });
});

function grantFor({ flush }: Pick<Case, 'flush'>, to: string): string {
  const isTruncate = flush === TRUNCATE;
  const table = to.startsWith('`')
    ? '`performance_schema`.`host_cache`'
    : 'performance_schema.host_cache';
  return `GRANT ${isTruncate ? `DROP ON ${table}` : 'RELOAD ON *.*'} TO ${to}`;
}

/** Of a blocked client; or, where the cache is full, of one that has no entry in it. */
async function why(settings: ServerSettings, isFull = false): Promise<Diagnosis> {
  const server = createFakeServer({
    settings: { ...settings, ...(isFull ? { hostCacheSize: 1 } : {}) },
    entries: [entry({ connectErrors: 100, ...(isFull ? { address: '198.51.100.9' } : {}) })],
    accounts: [JDOE],
  });
  const target = { server, resolver: createFakeResolver() };
  return diagnose(await gather(target, { client: CLIENT, user: null, readAt: new Date() }));
}

function causeOf({ findings }: Diagnosis, id: string): string | undefined {
  return findings.find(({ rule }) => rule === id)?.cause;
}

async function cardOf(server: ReturnType<typeof createServer>): Promise<FlushRequest> {
  const at = new Date();
  const view = server.flushView;
  const target = {
    ...{ server, resolver: createFakeResolver(), view },
    ...{ flusher: null, channel: 'C1', approvers: [] },
  };
  return {
    id: 'FR-1',
    server: 'main',
    reason: 'DNS is fixed',
    requester: 'U0ALICE',
    requestedAt: at,
    expiresAt: at,
    shown: await readShown(target, at),
    channel: 'C1',
    thread: null,
    state: 'pending',
    decision: null,
    outcome: null,
    changedAt: at,
  };
}
