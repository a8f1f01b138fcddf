import { describe, expect, it } from 'vitest';
import { gather } from '../../src/diagnosis/gather.ts';
import type { AccountQuestion, Server } from '../../src/hostcache/server.ts';
import { agreeing, createFakeResolver, type FakeDns } from '../fakes/resolver.ts';
import { createFakeServer, type FakeServer } from '../fakes/server.ts';
import { JDOE } from '../scenarios/accounts.ts';
import { addressOf, CLIENT, NAME, OLD_NAME } from '../scenarios/clients.ts';
import { entry, NULL_MISMATCH, NULL_NO_PTR, NUMERIC_NAME } from '../scenarios/entries.ts';
import { MARIADB } from '../scenarios/servers.ts';

/** What is asked of a server and of DNS for one client, and what is not. */

const READ_AT = new Date('2026-11-21T04:00:12Z');

interface Asking {
  readonly world?: FakeServer;
  readonly dns?: FakeDns;
  readonly client?: string;
  readonly user?: string | null;
}

/** The evidence, and every question that the server was asked. */
async function gatherFrom({ world = {}, dns, client = CLIENT.text, user = null }: Asking) {
  const server = createFakeServer(world);
  const resolver = createFakeResolver(dns ?? agreeing(client, NAME));
  const asked: string[] = [];
  const questions: AccountQuestion[] = [];
  const listening: Server = {
    ...server,
    accounts: (question) => {
      questions.push(question);
      return server.accounts(question);
    },
    entryCount: () => {
      asked.push('entryCount');
      return server.entryCount();
    },
    rejectedName: (address) => {
      asked.push('rejectedName');
      return server.rejectedName(address);
    },
  };
  const reverse: typeof resolver.reverse = (address) => {
    asked.push('DNS');
    return resolver.reverse(address);
  };
  const target = { server: listening, resolver: { ...resolver, reverse } };
  const subject = { client: addressOf(client), user, readAt: READ_AT };
  return { evidence: await gather(target, subject), asked, question: questions[0] };
}

const NO_DNS: FakeDns = {};

describe('the accounts are asked for', () => {
  it.each([
    {
      name: 'the cached name and that of DNS',
      asking: { world: { entries: [entry({ host: OLD_NAME })] } },
      question: { names: [OLD_NAME, NAME], anyName: false },
    },
    {
      name: 'DNS alone, without an entry',
      asking: {},
      question: { names: [NAME], anyName: false },
    },
    {
      name: 'any name, where a lasting NULL waits for DNS',
      asking: { world: { entries: [NULL_NO_PTR] }, dns: NO_DNS },
      question: { names: [], anyName: true },
    },
    {
      name: 'the name of DNS, where a flush will find it',
      asking: { world: { entries: [NULL_NO_PTR] } },
      question: { names: [NAME], anyName: false },
    },
    {
      name: 'no name, where nothing is kept and DNS has none',
      asking: { world: { entries: [NUMERIC_NAME] }, dns: NO_DNS },
      question: { names: [], anyName: false },
    },
    {
      name: 'any name, where the entry cannot be read',
      asking: { world: { unreadable: { entry: 'no grant.' } } },
      question: { names: [NAME], anyName: true },
    },
    {
      name: 'any name, where names are never looked up',
      asking: { world: { settings: { skipNameResolve: true } } },
      question: { names: [], anyName: true },
    },
    {
      name: 'localhost, for a local client',
      asking: { client: '127.0.0.1' },
      question: { names: ['localhost'], anyName: false },
    },
    {
      name: 'a user',
      asking: { user: 'jdoe' },
      question: { names: [NAME], anyName: false, user: 'jdoe' },
    },
    {
      name: 'the user without a name',
      asking: { user: '' },
      question: { names: [NAME], anyName: false, user: '' },
    },
  ])('by $name', async ({ asking, question }) => {
    const address = addressOf('client' in asking ? (asking.client ?? '') : CLIENT.text);
    expect((await gatherFrom(asking)).question).toEqual({ address, ...question });
  });
});

describe('only where it matters', () => {
  it('the error log is read for a rejected name', async () => {
    const rejectedNames = { [CLIENT.text]: 'other.example.com' };
    const gathered = await gatherFrom({ world: { entries: [NULL_MISMATCH], rejectedNames } });
    expect(gathered.evidence.rejectedName).toBe('other.example.com');
    for (const row of [NULL_NO_PTR, entry()]) {
      const { asked } = await gatherFrom({ world: { entries: [row], rejectedNames } });
      expect(asked).not.toContain('rejectedName');
    }
  });

  it('the entries are counted for a client that has none', async () => {
    expect((await gatherFrom({})).evidence.entryCount).toBe(0);
    expect((await gatherFrom({ world: { entries: [entry()] } })).asked).not.toContain('entryCount');
    expect((await gatherFrom({ client: '::1' })).asked).not.toContain('entryCount');
    const off = await gatherFrom({ world: { settings: { hostCacheSize: 0 } } });
    expect(off.asked).not.toContain('entryCount');
  });

  it('DNS is asked, so not for a local client', async () => {
    expect((await gatherFrom({})).asked).toContain('DNS');
    const { asked, evidence } = await gatherFrom({ client: '127.0.0.1' });
    expect(asked).toEqual([]);
    expect(evidence.dns).toBeNull();
  });
});

describe('an entry', () => {
  it('of a local client is known to be none, whatever can be read', async () => {
    const world = { unreadable: { entry: 'no grant.' } };
    const { evidence } = await gatherFrom({ world, client: '::1' });
    expect(evidence.entry).toEqual({ known: true, value: null });
  });

  it.each([
    { name: 'skip_name_resolve', settings: { skipNameResolve: true } },
    { name: 'host_cache_size 0', settings: { hostCacheSize: 0 } },
  ])('under $name is known to be none', async ({ settings }) => {
    const world = { settings: { ...settings, performanceSchema: false } };
    expect((await gatherFrom({ world })).evidence.entry).toEqual({ known: true, value: null });
  });

  it.each([
    { name: 'of its own', entries: [entry()], known: true },
    { name: 'of others', entries: [entry({ address: '198.51.100.9' })], known: true },
    { name: 'of nobody', entries: [], known: false },
  ])('where the release leaves it open is decided by rows $name', async ({ entries, known }) => {
    const version = { text: '8.0.25', major: 8, minor: 0, patch: 25 };
    const settings = { version, performanceSchema: false };
    const { evidence } = await gatherFrom({ world: { settings, entries } });
    expect(evidence.entry.known).toBe(known);
    if (!evidence.entry.known) expect(evidence.entry.why).toMatch(/performance_schema is off/);
  });

  it('that is hidden is not known', async () => {
    const settings = { ...MARIADB, performanceSchema: false };
    const { evidence } = await gatherFrom({ world: { settings, entries: [entry()] } });
    expect(evidence.entry).toEqual({
      known: false,
      why: expect.stringMatching(/performance_schema is off/),
    });
  });
});

it('what does not answer is a gap with its reason, and DNS is asked all the same', async () => {
  const { evidence } = await gatherFrom({
    world: { accounts: [JDOE], unreadable: { all: 'away.' } },
  });
  const away = { known: false, why: 'away.' };
  expect(evidence).toMatchObject({
    settings: away,
    entry: away,
    accounts: away,
    activity: away,
    entryCount: null,
    rejectedName: null,
    dns: { host: NAME, confirmed: true },
    readAt: READ_AT,
  });
});
