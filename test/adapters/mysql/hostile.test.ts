import { describe, expect, it } from 'vitest';
import {
  type Answers,
  CACHE_QUERY,
  sendRow,
  sendRows,
  sendSettings,
  serve,
  VERSION_QUERY,
} from '../../../sandbox/fake-mysql/serve.ts';
import { type Script, startFakeMysql } from '../../../sandbox/fake-mysql/server.ts';
import { createFlusher } from '../../../src/adapters/mysql/flusher.ts';
import { createServer } from '../../../src/adapters/mysql/server.ts';
import { openStore } from '../../../src/adapters/store/store.ts';
import { loginOf, placeOf } from '../../logins.ts';
import { ANSWERS, GREETINGS, MEGABYTE, NOT_READ } from './hostile-cases.ts';

/** Servers that lie, flood or break off: one sentence, and no more bytes than an answer may have. */

/** What the client takes: one answer, and what the sockets hold. */
const MOST = 100 * MEGABYTE;

const ADDRESS = { text: '192.0.2.7', family: 4 } as const;

async function outcome(asked: Promise<unknown>): Promise<unknown> {
  try {
    return await asked;
  } catch (error) {
    expect(error).toMatchObject({ kind: 'unreadable' });
    return error instanceof Error ? error.message : error;
  }
}

/** Runs one question against such a server; how much the server could send. */
async function against(
  script: Script,
  ask: (url: string) => Promise<unknown>,
): Promise<{ readonly result: unknown; readonly sent: number }> {
  const server = await startFakeMysql(script);
  try {
    const result = await outcome(ask(`mysql://bot:secret@127.0.0.1:${server.port}`));
    return { result, sent: server.sent() };
  } finally {
    await server.stop();
    expect(server.faults).toEqual([]);
  }
}

async function read(url: string): Promise<unknown> {
  const server = createServer({ name: 'main', login: loginOf(url) });
  return server.entry(ADDRESS).finally(() => void server.close());
}

describe('the reading account', () => {
  it.each(GREETINGS)('while it logs in: $name', async ({ script, says }) => {
    const { result, sent } = await against(script, read);
    expect(result).toMatch(says);
    expect(sent).toBeLessThan(MOST);
  });

  it.each(ANSWERS)('gets $name', async ({ answers, says }) => {
    const { result, sent } = await against(serve(answers), read);
    expect(result).toMatch(says);
    expect(sent).toBeLessThan(MOST);
  });

  it.each(ANSWERS)('reads the whole cache and gets $name', async ({ name, answers, says }) => {
    // This query may take longer.
    if (name.startsWith('silence')) return;
    const { result, sent } = await against(serve(answers), async (url) => {
      const server = createServer({ name: 'main', login: loginOf(url) });
      return server.cache().finally(() => void server.close());
    });
    expect(result).toMatch(says);
    expect(sent).toBeLessThan(MOST);
  });

  it('gets a column that is named __proto__', async () => {
    const answers: Answers = [[CACHE_QUERY, sendRows(['IP', '__proto__'], [['192.0.2.7', 'x']])]];
    const { result } = await against(serve(answers), read);
    expect(result).toMatch(NOT_READ);
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  it.each([
    {
      version: 'x'.repeat(MEGABYTE),
      says: /^main: expected a version such as 8\.4\.2, got x{119}…\.$/,
    },
    { version: '', says: /^main: expected a version such as 8\.4\.2, got \.$/ },
  ])('gets a version of $version.length characters', async ({ version, says }) => {
    const answers: Answers = [[VERSION_QUERY, sendSettings({ version })]];
    const { result } = await against(serve(answers), settings);
    expect(result).toMatch(says);
  });

  it.each([
    { name: 'no number', row: { maxConnectErrors: 'many' } },
    { name: 'no number at all', row: { maxConnectErrors: '-1e9' } },
  ])('gets a limit that is $name', async ({ row }) => {
    const { result } = await against(serve([[VERSION_QUERY, sendSettings(row)]]), settings);
    expect(result).toMatch(/^main: expected a number as max_connect_errors, got /);
  });

  it('gets settings without columns', async () => {
    const { result } = await against(
      serve([[VERSION_QUERY, sendRow({ version: '8.4.2' })]]),
      settings,
    );
    expect(result).toMatch(/^main: expected a number as max_connect_errors, got /);
  });
});

async function settings(url: string): Promise<unknown> {
  const server = createServer({ name: 'main', login: loginOf(url) });
  return server.settings().finally(() => void server.close());
}

describe('the flush account', () => {
  const mayFlush = (url: string) => createFlusher({ name: 'main', login: loginOf(url) }).mayFlush();

  it.each(GREETINGS.filter(({ says }) => !says.source.includes('within')))(
    'while it logs in: $name',
    async ({ script, says }) => {
      const { result, sent } = await against(script, mayFlush);
      expect(result).toMatch(says);
      expect(sent).toBeLessThan(MOST);
    },
  );

  it.each(ANSWERS.filter(({ name }) => !name.startsWith('silence')))(
    'gets $name',
    async ({ answers, says }) => {
      const own: Answers = answers.map(([, answer]) => [VERSION_QUERY, answer]);
      const { result, sent } = await against(serve(own), mayFlush);
      expect(result).toMatch(says.source.includes('1142') ? /1142/ : says);
      expect(sent).toBeLessThan(MOST);
    },
  );
});

describe('the state', () => {
  const open = (url: string) => openStore({ place: placeOf(`${url}/state`), limitMs: 2_000 });

  it.each(GREETINGS)('while it logs in: $name', async ({ name, script, says }) => {
    const { result, sent } = await against(script, open);
    const source = says.source.replaceAll('main', 'STATE_URL').replace('3 s', '2 s');
    // A connection that ends at once leaves the pool without a word.
    if (!/behind the login|another plugin/.test(name)) expect(result).toMatch(new RegExp(source));
    expect(result).toMatch(/^STATE_URL: [^\n]{1,500}\.$/);
    expect(sent).toBeLessThan(MOST);
  });

  it.each(ANSWERS)('gets $name', async ({ answers }) => {
    const own: Answers = answers.map(([, answer]) => [/^select/i, answer]);
    const { result, sent } = await against(serve(own), open);
    expect(result).toMatch(/^STATE_URL: [^\n]{1,500}\.$/);
    expect(sent).toBeLessThan(MOST);
  });
});
