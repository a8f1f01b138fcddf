import { expect, it } from 'vitest';
import { chooseNames, lookAt, NAME_CHECKS } from '../../src/sweep/look.ts';
import { NOON, seconds } from '../adapters/store/samples.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer } from '../fakes/server.ts';
import { entry } from '../scenarios/entries.ts';

/** Which cached names are asked of DNS in one sweep. */

const names = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    address: `host ${at}`,
    host: `${at}.example.com`,
    firstSeenAt: null,
  }));

function chosen(count: number, stale: readonly string[] = [], now = NOON): readonly string[] {
  const watched = stale.map((address) => ({ address }));
  return chooseNames(names(count), watched, now).map(({ address }) => address);
}

it('all of them, where they are few', () => {
  expect(chosen(NAME_CHECKS)).toHaveLength(NAME_CHECKS);
  expect(chosen(3)).toEqual(['host 0', 'host 1', 'host 2']);
});

it('of many another part each minute, until each was asked', () => {
  const minutes = Array.from({ length: 5 }, (_, at) => chosen(300, [], seconds(at * 60)));
  for (const part of minutes) expect(part).toHaveLength(NAME_CHECKS);
  expect(new Set(minutes.flat()).size).toBe(300);
});

it('the names of an open alert each time, before all others', () => {
  const minutes = Array.from({ length: 5 }, (_, at) => chosen(300, ['host 299'], seconds(at * 60)));
  for (const part of minutes) {
    expect(part[0]).toBe('host 299');
    expect(new Set(part).size).toBe(NAME_CHECKS);
  }
});

it('no more of an alert than are asked in one sweep', () => {
  const stale = names(100).map(({ address }) => address);
  expect(chosen(300, stale)).toEqual(stale.slice(0, NAME_CHECKS));
});

it('once DNS has failed often enough, no other name is asked', async () => {
  const entries = Array.from({ length: 200 }, (_, at) => entry({ address: `192.0.2.${at}` }));
  const ptr = Object.fromEntries(entries.map(({ address }) => [address, 'SERVFAIL' as const]));
  const target = { server: createFakeServer({ entries }), resolver: createFakeResolver({ ptr }) };
  const { names: checks } = await lookAt(target, NOON, ({ named }) => named);
  expect(checks.size).toBeGreaterThanOrEqual(8);
  // Those that were under way, sixteen at once, are still told.
  expect(checks.size).toBeLessThan(8 + 16);
});
