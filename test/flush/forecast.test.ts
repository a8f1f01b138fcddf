import { expect, it } from 'vitest';
import { forecastFor } from '../../src/flush/forecast.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer, type FakeServer } from '../fakes/server.ts';
import { entry, NULL_NO_PTR, PTR_FAILS } from '../scenarios/entries.ts';

/** Which clients the forecast on the card is about, and in which order. */

const NOON = new Date('2026-11-20T12:00:00Z');

async function forecast(world: FakeServer): Promise<readonly string[]> {
  const target = { server: createFakeServer(world), resolver: createFakeResolver() };
  return await forecastFor(target, NOON);
}

function address(last: number): string {
  return `192.0.2.${last}`;
}

const nulls = (count: number, from = 1) =>
  Array.from({ length: count }, (_, at) => ({ ...NULL_NO_PTR, address: address(from + at) }));

/** With accounts that nobody can read, the effect on each client is unknown. */
const blind = { unreadable: { accounts: 'no SELECT' } };

it('a cache that cannot be read: the effect is unknown', async () => {
  expect(await forecast({ unreadable: { cache: 'no SELECT' } })).toEqual([
    'The effect on clients is unknown: the host cache cannot be read.',
  ]);
  const broken = { ...createFakeServer({}), cache: () => Promise.reject(new Error('a bug')) };
  const target = { server: broken, resolver: createFakeResolver() };
  await expect(forecastFor(target, NOON)).rejects.toThrow('a bug');
});

it('an empty cache: nothing to say', async () => {
  expect(await forecast({})).toEqual([]);
});

it('lasting NULLs first, then what else is notable, then names; each once', async () => {
  const entries = [
    entry({ address: address(3) }),
    entry({ address: address(4), connectErrors: 1 }),
    { ...PTR_FAILS, address: address(2) },
    ...nulls(1),
  ];
  expect(await forecast({ entries, ...blind })).toEqual([
    `The effect is unknown for: ${[1, 4, 2, 3].map(address).join(', ')}.`,
  ]);
});

it('two dozen clients one by one; the others are only counted', async () => {
  const [all] = await forecast({ entries: nulls(24), ...blind });
  expect(await forecast({ entries: nulls(24), ...blind })).toEqual([all]);
  expect(all).toMatch(/^The effect is unknown for: 192\.0\.2\.1, .* 16 more\.$/);
  expect(await forecast({ entries: nulls(25), ...blind })).toEqual([
    all,
    '1 more client was not checked one by one.',
  ]);
  expect(await forecast({ entries: nulls(26), ...blind })).toEqual([
    all,
    '2 more clients were not checked one by one.',
  ]);
});
