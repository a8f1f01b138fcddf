import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, type Run, runHostcache } from '../journeys/process.ts';
import { openStage, type Stage } from './stage.ts';

/** Faults in a terminal: one clear line, the documented exit code, no stack, no secret. */

const SECRET = 'open-sesame';

let stage: Stage;
let folder: string;
let good: string;
let silent: Server;
let silentPort: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostcache-bad-input-'));
  stage = await openStage({ flavour: 'mysql', network: 'loopback' });
  await stage.world.query(`CREATE USER bot@'%' IDENTIFIED BY '${SECRET}';
    GRANT SELECT ON *.* TO bot@'%'; GRANT PROCESS ON *.* TO bot@'%'`);
  good = `mysql://bot:${SECRET}@127.0.0.1:${stage.world.port}`;
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  silentPort = typeof address === 'object' ? (address?.port ?? 0) : 0;
});
afterAll(async () => {
  silent.close();
  await stage.close();
  await rm(folder, { recursive: true });
});

function start(words: readonly string[], settings: object = {}): Run {
  const all = { MYSQL_URL: good, DNS_SERVERS: stage.world.dnsServer, ...settings };
  return runHostcache(words, all, { folder });
}

function hostcache(words: readonly string[], settings: object = {}): Promise<Ended> {
  return start(words, settings).ended;
}

/** Closing the connection to such a server takes 2 s more. */
async function expectNoAnswer(run: Run): Promise<void> {
  await run.until(/did not answer within 3 s/);
  expectPlain(await run.ended, 3, /^10\.0\.0\.1 could not be checked\. main: /);
}

function lines({ stdout, stderr }: Ended): readonly string[] {
  return `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
}

/** One clear line for each fault. */
function expectPlain(ended: Ended, code: number, ...says: readonly RegExp[]): void {
  const told = lines(ended);
  expect(told).toHaveLength(says.length);
  for (const [i, pattern] of says.entries()) expect(told[i]).toMatch(pattern);
  const all = told.join('\n');
  expect(all).not.toContain(SECRET);
  expect(all).not.toMatch(/\bat .*:\d+:\d+|node:internal|Error:|undefined|\[object/);
  expect(ended.code).toBe(code);
}

describe('a wish that makes no sense', () => {
  it.each([
    { words: ['why', '256.1.1.1'], says: /"256\.1\.1\.1"/ },
    { words: ['why', '10.0.0'], says: /"10\.0\.0"/ },
    { words: ['why', '2001:db8::1::2'], says: /"2001:db8::1::2"/ },
    { words: ['why', '10.0.0.1/24'], says: /"10\.0\.0\.1\/24"/ },
    { words: ['why', '10.0.0.1', '--server', 'nowhere'], says: /"nowhere".*main/ },
    { words: ['why', '10.0.0.1', 'on', 'nowhere'], says: /"nowhere".*main/ },
    { words: ['why', '10.0.0.1', 'as'], says: /"as/ },
    { words: ['why', 'nosuch.example.com'], says: /nosuch\.example\.com.*main.*DNS/ },
    { words: ['why'], says: /Expected a client/ },
    { words: ['why', ''], says: /Expected a client/ },
    { words: ['why', '-'], says: /Expected a client/ },
    { words: ['why', '10.0.0.1', '--frob'], says: /--frob/ },
    {
      words: ['why', "Access denied for user 'u'@'10.%' to database 'shop'"],
      says: /1044.*no client/,
    },
    { words: ['why', 'it does not work any more'], says: /it does not work/ },
    { words: ['explain'], says: /Expected an error message.*saved rows/ },
    { words: ['explain', '/no/such/file'], says: /ENOENT.*\/no\/such\/file/ },
    { words: ['doctor', '--server', 'nowhere'], says: /doctor takes no --server/ },
    { words: ['frobnicate'], says: /frobnicate/ },
  ])('$words', async ({ words, says }) => {
    expectPlain(await hostcache(words), 2, says);
  });
});

describe('settings that make no sense', () => {
  it('start names all that is missing at once', async () => {
    const missing = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'MYSQL_URL', 'ALERT_CHANNEL'];
    const says = missing.map((name) => new RegExp(`${name}: expected .* got nothing`));
    expectPlain(await hostcache(['start'], { MYSQL_URL: '' }), 2, ...says);
  });

  it.each([
    `mysql://bot:${SECRET}@`,
    `postgres://bot:${SECRET}@127.0.0.1:3306`,
    `mysql://bot:${SECRET}@127.0.0.1:99999`,
    `mysql://bot:${SECRET}@127.0.0.1:3306/mysql`,
    `mysql://bot:${SECRET}@127.0.0.1:3306?charset=utf8`,
    `mysql://bot:${SECRET}#x@127.0.0.1:3306`,
    `bot:${SECRET}@127.0.0.1:3306`,
    `127.0.0.1`,
  ])('MYSQL_URL=%s', async (url) => {
    expectPlain(
      await hostcache(['why', '10.0.0.1'], { MYSQL_URL: url }),
      2,
      /MYSQL_URL: expected /,
    );
  });
});

describe('a server that is no help', () => {
  it.each([
    { name: 'a wrong password', url: () => good.replace(SECRET, `${SECRET}-no`), says: /1045/ },
    { name: 'an unknown user', url: () => good.replace('//bot', '//ghost'), says: /1045/ },
    {
      name: 'a closed port',
      url: () => `mysql://bot:${SECRET}@127.0.0.1:1`,
      says: /127\.0\.0\.1:1\b/,
    },
    {
      name: 'no such socket',
      url: () => `mysql://bot:${SECRET}@localhost?socketPath=/no/such`,
      says: /\/no\/such/,
    },
    {
      name: 'an unknown host',
      url: () => `mysql://bot:${SECRET}@nosuch.invalid`,
      says: /nosuch\.invalid/,
    },
    {
      name: 'a certificate that nobody vouches for',
      url: () => `${good}?ssl=${encodeURIComponent('{"rejectUnauthorized":true}')}`,
      says: /TLS|certificate/,
    },
  ])('$name', async ({ url, says }) => {
    const ended = await hostcache(['why', '10.0.0.1'], { MYSQL_URL: url() });
    expectPlain(ended, 3, says);
  });

  it('ssl=false is an answer without TLS', async () => {
    const ended = await hostcache(['why', '10.0.0.1'], { MYSQL_URL: `${good}?ssl=false` });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });

  it.concurrent('one that accepts and never answers', async () => {
    const url = `mysql://bot:${SECRET}@127.0.0.1:${silentPort}`;
    await expectNoAnswer(start(['why', '10.0.0.1'], { MYSQL_URL: url }));
  });

  it.concurrent('one that is stopped (SIGSTOP), and goes on afterwards', async () => {
    await stage.world.signal('SIGSTOP');
    await expectNoAnswer(start(['why', '10.0.0.1']));
    await stage.world.signal('SIGCONT');
    expect((await hostcache(['why', '10.0.0.1'])).code).toBe(0);
  });

  it('in JSON: an object with a gap, and nothing else on stdout', async () => {
    const settings = { MYSQL_URL: `mysql://bot:${SECRET}@127.0.0.1:1` };
    const { stdout, stderr, code } = await hostcache(['why', '10.0.0.1', '--json'], settings);
    expect(JSON.parse(stdout)).toMatchObject({
      server: 'main',
      version: null,
      now: { outcome: 'unknown' },
      flush: 'unknown',
      gaps: [expect.stringContaining('127.0.0.1:1')],
    });
    expect({ stderr, code }).toEqual({ stderr: '', code: 3 });
  });
});
