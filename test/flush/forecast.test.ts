import { describe, expect, it } from 'vitest';
import { forecastFor } from '../../src/flush/forecast.ts';
import type { Forecast } from '../../src/flush/request.ts';
import { agreeing, createFakeResolver, type FakeDns } from '../fakes/resolver.ts';
import { createFakeServer, type FakeServer } from '../fakes/server.ts';
import { account, JDOE } from '../scenarios/accounts.ts';
import { NAME, OLD_NAME } from '../scenarios/clients.ts';
import { broken, entry, NULL_NO_PTR } from '../scenarios/entries.ts';

/** Which clients the forecast on the card names, and how many were not judged. */

const NOON = new Date('2026-11-20T12:00:00Z');

const APP = account('app', '10.%');

function targetOf(world: FakeServer, dns: FakeDns = {}) {
  const server = createFakeServer({ settings: { hostCacheSize: 65_536 }, ...world });
  return { server, resolver: createFakeResolver(dns) };
}

async function forecast(world: FakeServer, dns: FakeDns = {}): Promise<Forecast> {
  return await forecastFor(targetOf(world, dns), NOON);
}

const address = (at: number) => `10.0.${at >> 8}.${at & 255}`;

const nulls = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ ...NULL_NO_PTR, address: address(at) }));

/** Clients with a cached name, which DNS does not give today. */
const named = (count: number, host = NAME) =>
  Array.from({ length: count }, (_, at) => entry({ address: `192.0.2.${at}`, host }));

const blocked = broken(100, { address: '198.51.100.1', host: null });

const STALE = '192.0.2.0';

describe('one stale name among many NULL hosts', () => {
  it.each([25, 1900, 1999])('%i of them', async (count) => {
    const entries = [...nulls(count), ...named(1)];
    const { clients, why, effects } = await forecast({ entries, accounts: [JDOE] });
    expect({ clients, why }).toEqual({ clients: count + 1, why: null });
    expect(effects).toEqual([
      { effect: 'breaks', clients: [STALE], total: 1 },
      { effect: 'cures-after-fix', clients: expect.any(Array), total: count },
    ]);
  });

  it('is judged before them, where not all can be', async () => {
    const entries = [...nulls(2500), blocked, ...named(1)];
    const { clients, effects } = await forecast({ entries, accounts: [JDOE] });
    expect(clients).toBe(2502);
    expect(effects).toEqual([
      { effect: 'breaks', clients: [STALE], total: 1 },
      { effect: 'cures-after-fix', clients: expect.any(Array), total: 1999 },
      { effect: 'unknown', clients: expect.any(Array), total: 502 },
    ]);
  });

  it('is judged before names that no account is for', async () => {
    const others = Array.from({ length: 2100 }, (_, at) =>
      entry({ address: address(at), host: OLD_NAME, firstSeenAt: new Date(0) }),
    );
    const { effects } = await forecast({ entries: [...others, ...named(1)], accounts: [JDOE] });
    expect(effects[0]).toEqual({ effect: 'breaks', clients: [STALE], total: 1 });
  });
});

it('names all clients that are locked out, and eight of the others', async () => {
  const entries = [...named(40), ...nulls(40)];
  const { effects } = await forecast({ entries, accounts: [JDOE, APP] });
  expect(effects.map(({ effect, clients }) => [effect, clients.length])).toEqual([
    ['breaks', 40],
    ['cures-after-fix', 8],
  ]);
});

it('says as whom a client is locked out, if others still get in', async () => {
  const accounts = [JDOE, account('', NAME), account('app', '%')];
  const { effects } = await forecast({ entries: named(1), accounts });
  expect(effects).toEqual([
    { effect: 'breaks', clients: [`${STALE} (as jdoe, anonymous)`], total: 1 },
  ]);
});

it('a client is locked out for as long as DNS does not answer', async () => {
  const dns = { ptr: { [STALE]: 'SERVFAIL' } } as const;
  const { effects } = await forecast({ entries: named(1), accounts: [JDOE] }, dns);
  expect(effects).toEqual([{ effect: 'breaks-without-dns', clients: [STALE], total: 1 }]);
});

it('a name that only the database host knows is not judged', async () => {
  const entries = named(1, '_gateway');
  const { effects } = await forecast({ entries, accounts: [account('jdoe', '_gateway')] });
  expect(effects).toEqual([{ effect: 'unknown', clients: [STALE], total: 1 }]);
});

it('nothing to tell: the name is current, or no account is for a name', async () => {
  const entries = named(1);
  const none = { clients: 1, why: null, effects: [] };
  expect(await forecast({ entries, accounts: [JDOE] }, agreeing(STALE, NAME))).toEqual(none);
  expect(await forecast({ entries, accounts: [APP] })).toEqual(none);
  expect(await forecast({})).toEqual({ ...none, clients: 0 });
});

it('without accounts for names, all clients are judged without DNS', async () => {
  const target = targetOf({ entries: [...nulls(3000), blocked], accounts: [account('app', '%')] });
  const resolver = { ...target.resolver, reverse: () => Promise.reject(new Error('asked')) };
  expect(await forecastFor({ ...target, resolver }, NOON)).toEqual({
    clients: 3001,
    why: null,
    effects: [{ effect: 'unblocks', clients: ['198.51.100.1'], total: 1 }],
  });
});

it('clients for whom DNS is too slow are not judged', async () => {
  const target = targetOf({ entries: [...nulls(1), ...named(1)], accounts: [JDOE] });
  const resolver = { ...target.resolver, reverse: () => new Promise<never>(() => {}) };
  const { effects } = await forecastFor({ ...target, resolver }, NOON, async () => undefined);
  expect(effects).toEqual([{ effect: 'unknown', clients: [STALE, address(0)], total: 2 }]);
});

describe('what cannot be read', () => {
  it('the cache', async () => {
    const none = { clients: null, effects: [] };
    const unread = await forecast({ unreadable: { cache: 'no SELECT' } });
    expect(unread).toEqual({ ...none, why: 'no SELECT' });
    const settings = {
      performanceSchema: false,
      version: { text: '5.7.44', major: 5, minor: 7, patch: 44 },
    };
    const hidden = await forecast({ settings });
    expect(hidden).toEqual({ ...none, why: expect.stringContaining('performance_schema is off') });
  });

  it('the accounts', async () => {
    const world = { entries: nulls(2), unreadable: { allAccounts: 'no SELECT' } };
    expect(await forecast(world)).toEqual({
      clients: 2,
      why: 'no SELECT',
      effects: [{ effect: 'unknown', clients: [address(0), address(1)], total: 2 }],
    });
  });

  it('an unexpected fault is not hidden', async () => {
    const target = targetOf({});
    const server = { ...target.server, cache: () => Promise.reject(new Error('a bug')) };
    await expect(forecastFor({ ...target, server }, NOON)).rejects.toThrow('a bug');
  });
});
