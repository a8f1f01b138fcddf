import { addMinutes } from 'date-fns/addMinutes';
import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/diagnosis/evidence.ts';
import type { LoginFailure, LoginReading } from '../../src/hostcache/failures.ts';
import { createEarlierLogins } from '../../src/sweep/earlier-logins.ts';
import { proofsFrom } from '../../src/sweep/proof.ts';
import { failingLogins } from '../../src/sweep/rules/logins.ts';
import type { AlertHost, ObserveOptions } from '../../src/sweep/rules/rule.ts';
import { entry } from '../scenarios/entries.ts';
import { look } from './server-look.ts';

/** Which failed logins are an alert. */

const NOW = new Date('2026-11-21T04:00:00Z');
const STARTED = new Date('2026-11-01T00:00:00Z');
const at = (minutes: number) => addMinutes(NOW, minutes);

function row(change: Partial<LoginFailure> = {}): LoginFailure {
  const times = { firstAt: at(-2), lastAt: at(-1) };
  return { user: 'billing', host: '192.0.2.7', error: 1045, count: 5, ...times, ...change };
}

function reading(readAt: Date, ...failures: readonly LoginFailure[]): LoginReading {
  return { readAt, startedAt: STARTED, failures, logins: null };
}

const OPTIONS = { nullHostAlerts: 'all', paces: new Map() } as const;

function hostsOf(
  rows: readonly LoginFailure[],
  options: Partial<ObserveOptions> = { loginsBefore: reading(at(-10)) },
  entries: Parameters<typeof look>[0] = [],
): readonly AlertHost[] | null {
  const seen = look(entries, { logins: known(reading(NOW, ...rows)) });
  return failingLogins.observe(seen, { ...OPTIONS, ...options })?.hosts ?? null;
}

const addressesOf = (hosts: readonly AlertHost[] | null) => hosts?.map(({ address }) => address);

describe('an alert', () => {
  it.each<[string, readonly LoginFailure[], Partial<ObserveOptions>?]>([
    ['five failures', [row()]],
    [
      'many names from one client',
      ['a', 'b', 'c', 'd', 'e'].map((user) => row({ user, count: 1 })),
    ],
    [
      'failures since a reading',
      [row({ count: 105 })],
      { loginsBefore: reading(at(-5), row({ count: 100 })) },
    ],
    [
      'a restart',
      [row()],
      { loginsBefore: { ...reading(at(-5), row({ count: 900 })), startedAt: at(-9000) } },
    ],
    [
      'a long time at that rate',
      [row({ count: 60, firstAt: at(-120) })],
      { loginsBefore: reading(at(-120)) },
    ],
  ])('%s', (_, rows, options) =>
    expect(addressesOf(hostsOf(rows, options))).toEqual(['192.0.2.7']),
  );

  it.each<[string, readonly LoginFailure[], Partial<ObserveOptions>?]>([
    ['a typing error', [row({ count: 1 })]],
    ['four failures', [row({ count: 4 })]],
    ['the same as before', [row()], { loginsBefore: reading(at(-10), row()) }],
    ['no earlier reading', [row()], {}],
    [
      'an earlier reading without failures',
      [row({ firstAt: at(-11) })],
      { loginsBefore: { ...reading(at(-10)), failures: null } },
    ],
    [
      'the same in a longer time',
      [row({ count: 50, firstAt: at(-120) })],
      { loginsBefore: reading(at(-120)) },
    ],
    ['errors of a session', [row({ error: 1044 }), row({ error: 1158 })]],
    ['no free connection', [row({ error: 1040 })]],
    ['no name', [row({ user: null, error: 1043, count: 50 })]],
    [
      'one broken handshake with two rows',
      [row({ error: 1043, count: 3 }), row({ error: 1251, count: 3 })],
    ],
  ])('not: %s', (_, rows, options) => expect(hostsOf(rows, options)).toEqual([]));

  it('a login name over many clients, each of them named', () => {
    const rows = [1, 2, 3].map((last) => row({ host: `192.0.2.${last}`, count: 2 }));
    expect(hostsOf(rows.map((each) => ({ ...each, count: 1 })))).toEqual([]);
    expect(addressesOf(hostsOf([...rows, row({ user: 'shop', count: 1 })]))).toEqual(
      [1, 2, 3].map((last) => `192.0.2.${last}`),
    );
  });

  it('says who, which error, how often and since when; a hostile name is data', () => {
    const hosts = hostsOf([row(), row({ user: '<!channel>\nx', error: 3118, count: 9 })]);
    expect(hosts).toMatchObject([
      {
        says: "'<!channel>\\u000ax': the account is locked (3118) 9 times, billing: access denied (1045) 5 times, since 2026-11-21 03:58:00 UTC",
        sinceAt: at(-2),
      },
    ]);
    const note = failingLogins.note(look([]), hosts ?? []);
    expect(note).toMatch(/Correct the password.*ACCOUNT UNLOCK/);
  });

  it('a name in the cache is its address, and is not lost with the entry', () => {
    const name = 'app7.example.com';
    const rows = [row({ host: name })];
    const options = { loginsBefore: reading(at(-10)) };
    const cached = hostsOf(rows, options, [entry({ address: '192.0.2.70', host: name })]);
    expect(cached).toMatchObject([{ address: '192.0.2.70', name }]);
    expect(addressesOf(hostsOf(rows, options))).toEqual([name]);
    expect(addressesOf(hostsOf(rows, { ...options, failing: cached ?? [] }))).toEqual([
      '192.0.2.70',
    ]);
    const twice = ['192.0.2.70', '192.0.2.71'].map((address) => entry({ address, host: name }));
    expect(addressesOf(hostsOf(rows, options, twice))).toEqual([name]);
  });
});

describe('an open alert', () => {
  const failing = hostsOf([row()]) ?? [];

  it('keeps a client that still fails, however seldom', () => {
    const before = { loginsBefore: reading(at(-10), row()), failing };
    expect(hostsOf([row({ count: 6 })], before)).toMatchObject([{ address: '192.0.2.7' }]);
    expect(hostsOf([row()], before)).toEqual([]);
  });

  it('keeps its clients until the whole time has passed', () => {
    expect(hostsOf([row()], { loginsBefore: reading(at(-9), row()), failing })).toEqual(failing);
    expect(hostsOf([row({ firstAt: at(-60) })], { failing })).toEqual(failing);
  });

  it('stays as it is where nothing is known', () => {
    expect(failingLogins.observe(look([]), { ...OPTIONS, failing })).toBeNull();
    const silent = look([], { logins: known({ ...reading(NOW), failures: null }) });
    expect(failingLogins.observe(silent, { ...OPTIONS, failing })).toBeNull();
  });

  it.each([
    ['a flush', look([]), true],
    ['a cache that cannot be read', look([], { cache: unknown('no') }), false],
  ])('%s is no proof', (_, seen, isEmptied) =>
    expect(proofsFrom(seen, isEmptied)('failing-logins', '192.0.2.7')).toBe(
      'no login from it failed for 10 minutes',
    ),
  );
});

describe('earlier readings', () => {
  it('the latest that is ten minutes old, otherwise the oldest, first that of the state', async () => {
    const earlier = createEarlierLogins(async () => reading(at(0)));
    const minutesBefore = async (now: number) => {
      const found = await earlier.before('main', at(now));
      return found === null ? null : (found.readAt.getTime() - NOW.getTime()) / 60_000;
    };
    expect(await minutesBefore(1)).toBe(0);
    for (const minute of [1, 1.5, 5, 9]) earlier.keep('main', reading(at(minute)));
    expect(await minutesBefore(9)).toBe(0);
    expect(await minutesBefore(10.9)).toBe(0);
    expect(await minutesBefore(11.2)).toBe(1);
    earlier.keep('main', reading(at(16)));
    expect(await minutesBefore(16)).toBe(5);
    expect(await minutesBefore(30)).toBe(16);
  });
});
