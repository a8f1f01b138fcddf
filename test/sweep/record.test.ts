import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/diagnosis/evidence.ts';
import type { CacheReading } from '../../src/hostcache/server.ts';
import type { ServerLook } from '../../src/sweep/look.ts';
import { isEmptied, isRestarted, readingsOf, recordOf } from '../../src/sweep/record.ts';
import { NOON, seconds, sweepRecord } from '../adapters/store/samples.ts';
import { broken, entry } from '../scenarios/entries.ts';
import { MYSQL } from '../scenarios/servers.ts';

/** What is remembered of a look, and what the next look says of it. */

const EMPTY: CacheReading = { total: 0, notable: [], named: [], errorTotals: {}, oldestAt: null };

function look(change: Partial<ServerLook> = {}, cache: Partial<CacheReading> = {}): ServerLook {
  return {
    server: 'main',
    settings: known(MYSQL),
    cache: known({ ...EMPTY, ...cache }),
    activity: unknown('no PROCESS'),
    namedAccounts: known(1),
    names: new Map(),
    logins: unknown('away'),
    readAt: seconds(300),
    ...change,
  };
}

describe('the cache was emptied since', () => {
  const LAST = sweepRecord({ endedAt: NOON, entries: 7 });
  it.each([
    ['nothing is left', look(), LAST, true],
    ['the oldest entry is younger', look({}, { oldestAt: seconds(1.001) }), LAST, true],
    ['it may be as old, FIRST_SEEN is rounded', look({}, { oldestAt: seconds(1) }), LAST, false],
    ['an entry is older', look({}, { oldestAt: seconds(-1) }), LAST, false],
    ['nothing is read', look({ cache: unknown('away') }), LAST, false],
    ['nobody looked before', look(), null, false],
    ['the look before saw nothing', look(), { ...LAST, failure: 'away' }, false],
    ['it was empty before', look(), { ...LAST, entries: 0 }, false],
    ['the look before ended later', look(), { ...LAST, endedAt: seconds(300) }, false],
  ] as const)('%s: %s', (_, seen, last, isSo) => expect(isEmptied(seen, last)).toBe(isSo));
});

describe('the server was started since', () => {
  const up = (uptimeSeconds: number) => look({ settings: known({ ...MYSQL, uptimeSeconds }) });
  it.each([
    ['just after the last look', up(299), true],
    ['within the second of its clock', up(301), true],
    ['before', up(302), false],
    ['nobody knows', look({ settings: unknown('away') }), true],
  ] as const)('%s', (_, seen, isSo) => {
    expect(isRestarted(seen, sweepRecord({ endedAt: NOON, version: '9.7.4' }), null)).toBe(isSo);
  });

  it('or is another one, if the release has changed', () => {
    expect(isRestarted(up(3600), sweepRecord({ endedAt: NOON, version: '8.4.2' }), null)).toBe(
      true,
    );
  });

  it.each([
    ['if its start differs', seconds(-7200), true],
    ['but not if its clock has moved by a second', seconds(-3601), false],
  ])('or is another one, %s', (_, startedBefore, isSo) => {
    const seen = look({
      settings: known({ ...MYSQL, uptimeSeconds: 3900, startedAt: seconds(-3600) }),
    });
    const last = sweepRecord({ endedAt: NOON, version: '9.7.4' });
    expect(isRestarted(seen, last, startedBefore)).toBe(isSo);
  });
});

describe('the record', () => {
  it('of a server that was read', () => {
    const seen = look({}, { total: 40, notable: [broken(100)] });
    const times = { startedAt: NOON, endedAt: seconds(2), nextAt: seconds(300) };
    expect(recordOf(seen, 3, times)).toEqual({
      server: 'main',
      endedAt: seconds(2),
      tookMs: 2000,
      failure: null,
      version: '9.7.4',
      entries: 40,
      capacity: 279,
      blocked: 1,
      nullHosts: 0,
      stale: 0,
      nearBlock: 0,
      silenced: 3,
      nextAt: seconds(300),
    });
  });

  it.each([
    { what: 'settings', change: { settings: unknown('away') }, version: null },
    { what: 'cache', change: { cache: unknown('away') }, version: '9.7.4' },
  ])('says why the $what could not be read', ({ change, version }) => {
    const times = { startedAt: NOON, endedAt: NOON, nextAt: null };
    const record = recordOf(look(change, { notable: [broken(100)] }), 0, times);
    expect(record).toMatchObject({ failure: 'away', version, blocked: 0 });
  });
});

it('of hosts with errors, those with most are followed', () => {
  const notable = Array.from({ length: 600 }, (_, at) => broken(at, { address: `host ${at}` }));
  const readings = readingsOf(look({}, { notable }));
  expect(readings).toHaveLength(500);
  expect(readings[0]).toEqual({
    address: 'host 599',
    readAt: seconds(300),
    handshakeErrors: 599,
    entryMadeAt: entry().firstSeenAt,
  });
  expect(readings.at(-1)?.handshakeErrors).toBe(100);
  expect(readingsOf(look({}, { notable: [broken(0)] }))).toEqual([]);
  expect(readingsOf(look({ cache: unknown('away') }))).toEqual([]);
});

it('of hosts with as many errors, the same ones are followed at each sweep', () => {
  const notable = Array.from({ length: 9000 }, (_, at) => broken(1, { address: `host ${at}` }));
  const followed = (entries: CacheReading['notable']) =>
    readingsOf(look({}, { notable: entries })).map(({ address }) => address);
  expect(followed(notable.toReversed())).toEqual(followed(notable));
});
