import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFlusher } from '../src/adapters/mysql/flusher.ts';
import { createFlusherCheck } from '../src/adapters/mysql/flusher-check.ts';
import { createServer } from '../src/adapters/mysql/server.ts';
import { createServerCheck } from '../src/adapters/mysql/server-check.ts';
import { type Diagnosis, diagnose } from '../src/diagnosis/diagnose.ts';
import { gather } from '../src/diagnosis/gather.ts';
import { diagnosisMessage } from '../src/diagnosis/messages.ts';
import { readShown } from '../src/flush/flush.ts';
import { cardMessage } from '../src/flush/messages.ts';
import type { FlushRequest } from '../src/flush/request.ts';
import { manualUrl } from '../src/hostcache/manual.ts';
import { PROVED, releaseOf } from '../src/hostcache/release.ts';
import type { ServerSettings } from '../src/hostcache/settings.ts';
import { observe } from '../src/sweep/observe.ts';
import { agreeing, createFakeResolver } from './fakes/resolver.ts';
import { type ScriptedServer, startScriptedServer } from './fakes/scripted-mysql.ts';
import { createFakeServer } from './fakes/server.ts';
import { loginOf } from './logins.ts';
import { JDOE } from './scenarios/accounts.ts';
import { CLIENT, NAME } from './scenarios/clients.ts';
import { entry } from './scenarios/entries.ts';
import { pendingFlush } from './scenarios/flush-requests.ts';
import { CASES, type Case, FLUSH, RELEASES, TRUNCATE } from './scenarios/releases.ts';

/** On every release `why`, alerts, the card, the flusher, doctor and docs/servers.md say the same. */

describe.each(CASES)('$version, $mode', (row) => {
  const { settings, seen, flush, evicts, manual, basis } = row;
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
      basis,
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
    expect(JSON.stringify(diagnosisMessage(blocked, CLIENT.text))).toContain(`: ${basis}.`);
    expect(gaps).not.toContain('proved');
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
        logins: unknown,
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
    const other = flush === TRUNCATE ? FLUSH : TRUNCATE;
    const why = `the server is now flushed by ${flush}`;
    expect(await session.flush(other)).toEqual({ kind: 'failed', why });
    expect(scripted.flushes).toEqual([]);
    expect(await session.flush(flush)).toEqual({ kind: 'flushed' });
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
    expect(release).toMatchObject({ level: 'green', says: expect.stringContaining(basis) });
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

describe('what users read', () => {
  const read = (page: string) => readFileSync(join(import.meta.dirname, '..', page), 'utf8');
  const section =
    read('docs/servers.md')
      .split(/^## /m)
      .find((part) => part.startsWith('Releases\n')) ?? '';
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
});

it('docs/proved.md and the README list what is proved', () => {
  const listedIn = (page: string) =>
    readFileSync(join(import.meta.dirname, '..', page), 'utf8')
      .split('\n')
      .filter((line) => /^\| M\w+ \d+\.\d+\.\d+ \|/.test(line))
      .map((line) => line.split(' | '));
  const listed = listedIn('docs/proved.md');
  const proofs = [
    ...PROVED.mysql.map((proof) => ({ name: 'MySQL', ...proof })),
    ...PROVED.mariadb.map((proof) => ({ name: 'MariaDB', ...proof })),
  ].map(({ name, on, date, seed, cases }) => {
    return [`| ${name} ${on}`, date, String(seed ?? 'not recorded'), cases.toLocaleString('en')];
  });
  expect(listed.map((cells) => cells.slice(0, 4)).sort()).toEqual(proofs.sort());
  const short = proofs.map(([name, , , cases]) => [name, cases]).sort();
  expect(
    listedIn('README.md')
      .map((cells) => cells.slice(0, 2))
      .sort(),
  ).toEqual(short);
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
  const target = { server, resolver: createFakeResolver(agreeing(CLIENT.text, NAME)) };
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
  return pendingFlush(at, { shown: await readShown(target, at) });
}
