import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessDay, AccessEvent } from '../../src/access/record.ts';
import type { Seen } from '../../src/access/recorder.ts';
import { remember } from '../../src/access/remember.ts';
import type { LoginReading } from '../../src/hostcache/failures.ts';
import { account } from '../scenarios/accounts.ts';
import { type CountingServer, createCountingServer } from './counting-server.ts';
import { createAccessMemory } from './memory.ts';

/** What sweeps remember of logins: scenarios with a moved clock. */

const MINUTE_MS = 60_000;
const START = new Date('2026-11-01T00:00:00Z');
const NOON = new Date('2026-11-29T12:00:00Z');

let now = NOON;
let memory = createAccessMemory();
let server: CountingServer = createCountingServer(START);

beforeEach(() => {
  now = NOON;
  memory = createAccessMemory();
  server = createCountingServer(START);
  server.setAccounts([account('app', '10.%'), account('shop', 'shop.example.com')]);
});

function pass(minutes: number): Date {
  now = new Date(now.getTime() + minutes * MINUTE_MS);
  return now;
}

async function sweep(
  given: Partial<Seen> = {},
  change: (reading: LoginReading) => LoginReading = (reading) => reading,
): Promise<void> {
  const seen = {
    reading: change(server.reading(now)),
    upSeconds: server.upSeconds(now),
    ...({ flavour: 'mysql', rules: 'mysql', skipNameResolve: false } as const),
    ...{ maxConnectErrors: 100n, cache: server.cache(), flush: null },
    longestGapMs: 10.5 * MINUTE_MS,
    ...given,
  };
  await remember(server.server, seen, memory);
}

/** Sweeps every 5 minutes. */
async function sweeps(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    pass(5);
    await sweep();
  }
}

const days = () => memory.days('main', '');
const events = async (): Promise<readonly AccessEvent[]> =>
  (await days()).flatMap((day) => day.events);
const uses = async () => (await days()).flatMap((day) => day.uses);
const spans = async () =>
  (await days()).flatMap((day) =>
    day.spans.map(({ from, to }) => [
      from.toISOString().slice(5, 16),
      to.toISOString().slice(5, 16),
    ]),
  );

describe('logins', () => {
  it('count from the first reading on, to the account that the server chose', async () => {
    server.name('10.0.0.9', 'shop.example.com');
    server.login('app', '10.0.0.7', now);
    server.fail('app', '10.0.0.7', 1045, now);
    await sweep();
    expect(await uses()).toEqual([]);
    pass(5);
    server.login('app', '10.0.0.7', now);
    for (let times = 0; times < 3; times += 1) server.login('shop', '10.0.0.9', now);
    server.fail('shop', '10.0.0.9', 1045, now);
    server.fail('ghost', '10.0.0.7', 1045, now);
    await sweep();
    const host = 'shop.example.com';
    expect(await uses()).toEqual([
      use({ user: 'app', account: "'app'@'10.%'", logins: 1, lastLoginAt: now }),
      use({
        ...{ user: 'shop', host, address: '10.0.0.9', account: `'shop'@'${host}'` },
        ...{ logins: 3, failures: 1, lastLoginAt: now },
      }),
      use({ user: 'ghost', failures: 1 }),
    ]);
  });

  it('of a session that stays open are seen each day', async () => {
    await sweep();
    pass(5);
    server.login('app', '10.0.0.7', now, true);
    await sweep();
    await sweeps(5);
    expect(await uses()).toMatchObject([{ logins: 1, lastLoginAt: now }]);
    server.leave('app', '10.0.0.7');
    const left = now;
    await sweeps(1);
    expect(await uses()).toMatchObject([{ logins: 1, lastLoginAt: left }]);
  });

  it('that failed between the two questions are no logins afterwards', async () => {
    await sweep();
    pass(5);
    server.fail('app', '10.0.0.7', 1045, now);
    // Its connection is counted after the connections were read.
    await sweep({}, (reading) => ({ ...reading, logins: [] }));
    expect(await uses()).toMatchObject([{ logins: 0, failures: 1 }]);
    await sweeps(1);
    expect(await uses()).toMatchObject([{ logins: 0, failures: 1 }]);
    server.login('app', '10.0.0.7', now);
    await sweeps(1);
    expect(await uses()).toMatchObject([{ logins: 1, failures: 1 }]);
  });

  it('that broke in the handshake count once, whatever rows the server has of them', async () => {
    await sweep();
    pass(5);
    server.login('app', '10.0.0.7', now);
    server.fail('app', '10.0.0.7', 1043, now);
    const [row] = server.reading(now).failures?.filter(({ error }) => error === 1043) ?? [];
    const beside = row === undefined ? [] : [{ ...row, error: 1251 }];
    await sweep({}, (reading) => ({
      ...reading,
      failures: [...(reading.failures ?? []), ...beside],
    }));
    expect(await uses()).toMatchObject([{ logins: 1, failures: 1 }]);
  });

  it('that turn out to have failed are taken back', async () => {
    await sweep();
    pass(5);
    server.fail('app', '10.0.0.7', 1045, now);
    server.login('app', '10.0.0.7', now);
    await sweep({}, (reading) => ({ ...reading, failures: [] }));
    expect(await uses()).toMatchObject([{ logins: 2, failures: 0 }]);
    await sweeps(1);
    expect(await uses()).toMatchObject([{ logins: 1, failures: 1 }]);
    await sweeps(1);
    expect(await uses()).toMatchObject([{ logins: 1, failures: 1 }]);
  });

  it('on MariaDB are all that it counts as connections', async () => {
    const mariadb = { flavour: 'mariadb', rules: 'mariadb' } as const;
    const untold = (reading: LoginReading) => ({ ...reading, failures: null });
    await sweep(mariadb, untold);
    pass(5);
    server.login('app', '10.0.0.7', now);
    await sweep(mariadb, untold);
    expect(await uses()).toMatchObject([{ logins: 1, failures: 0 }]);
  });

  it('have no account while the accounts are not known, or were changed meanwhile', async () => {
    await sweep();
    pass(5);
    server.login('app', '10.0.0.7', now);
    server.setAccounts([account('app', '10.0.%'), account('app', '10.%')]);
    await sweep();
    expect(await uses()).toMatchObject([{ account: null, logins: 1 }]);
    server.login('app', '10.0.0.7', pass(1));
    await sweep();
    expect(await uses()).toMatchObject([{ account: null }, { account: "'app'@'10.0.%'" }]);
    server.login('app', '10.0.0.7', pass(1));
    server.server.accountsMark = () => Promise.reject(UNREADABLE);
    await sweep();
    expect(await uses()).toMatchObject([{ logins: 2 }, { logins: 1 }]);
  });

  it('of an account that is new have it', async () => {
    await sweep();
    server.setAccounts([account('app', '10.%'), account('fresh', '10.%')]);
    server.login('fresh', '10.0.0.7', pass(5));
    await sweep();
    expect(await uses()).toMatchObject([{ account: "'fresh'@'10.%'" }]);
  });

  it('by a name whose entry is gone keep its address', async () => {
    server.name('10.0.0.9', 'shop.example.com');
    server.login('shop', '10.0.0.9', now);
    await sweep();
    server.login('shop', '10.0.0.9', pass(5));
    server.name('10.0.0.9', null);
    await sweep();
    expect(await uses()).toMatchObject([{ address: '10.0.0.9', host: 'shop.example.com' }]);
  });
});

describe('spans', () => {
  it('join from sweep to sweep, and end at midnight', async () => {
    now = new Date('2026-11-28T23:50:00Z');
    await sweep();
    await sweeps(4);
    expect(await spans()).toEqual([
      ['11-28T23:50', '11-29T00:00'],
      ['11-29T00:00', '11-29T00:10'],
    ]);
    expect((await days()).map(({ day }) => day)).toEqual(['2026-11-28', '2026-11-29']);
  });

  it('have a hole where the bot was out, not where one sweep is missing', async () => {
    await sweep();
    pass(10);
    await sweep();
    pass(15);
    server.login('app', '10.0.0.7', now);
    await sweep();
    await sweeps(1);
    expect(await spans()).toEqual([
      ['11-29T12:00', '11-29T12:10'],
      ['11-29T12:25', '11-29T12:30'],
    ]);
    expect(await uses()).toMatchObject([{ logins: 1 }]);
  });

  it('end at the last reading before a restart, and begin at the start', async () => {
    await sweep();
    await sweeps(1);
    server.login('app', '10.0.0.7', pass(1));
    server.restart(pass(1));
    server.login('app', '10.0.0.7', pass(1));
    server.fail('app', '10.0.0.7', 1045, now);
    await sweeps(1);
    await sweeps(1);
    expect(await spans()).toEqual([
      ['11-29T12:00', '11-29T12:05'],
      ['11-29T12:07', '11-29T12:18'],
    ]);
    expect(await uses()).toMatchObject([{ logins: 1, failures: 1 }]);
    expect(await events()).toMatchObject([
      { kind: 'restart', at: new Date('2026-11-29T12:07:00Z') },
      { kind: 'failures', count: 1, at: new Date('2026-11-29T12:08:00Z') },
    ]);
  });

  it('have a hole where somebody emptied the counters', async () => {
    server.login('app', '10.0.0.7', now);
    await sweep();
    server.login('app', '10.0.0.7', pass(1));
    server.emptyCounters();
    server.login('app', '10.0.0.8', now);
    await sweeps(2);
    expect(await spans()).toEqual([
      ['11-29T12:00', '11-29T12:00'],
      ['11-29T12:06', '11-29T12:11'],
    ]);
    expect(await uses()).toMatchObject([{ host: '10.0.0.8', logins: 1 }]);
  });

  it.each([
    ['the server does not tell who connects', { logins: null }],
    ['the server had no room for all of them', { lost: 1 }],
  ] as const)('are not there while %s', async (_, given) => {
    await sweep();
    pass(5);
    server.fail('app', '10.0.0.7', 1045, now);
    await sweep({}, (reading) => ({ ...reading, ...given }));
    expect(await spans()).toEqual([['11-29T12:00', '11-29T12:00']]);
    expect(await events()).toMatchObject([{ kind: 'failures', error: 1045 }]);
  });
});

describe('events', () => {
  it('of failures are counted once, with the times that the server gives', async () => {
    server.fail('app', '10.0.0.7', 1045, now);
    await sweep();
    const first = pass(1);
    server.fail('app', '10.0.0.7', 1045, first);
    server.fail('app', '10.0.0.8', 1045, pass(1));
    const last = pass(1);
    server.fail('app', '10.0.0.7', 1045, last);
    pass(2);
    await sweep();
    await sweeps(2);
    const failure = { kind: 'failures', user: 'app', error: 1045 };
    expect(await events()).toEqual([
      // The server only tells the last time of what it counted before.
      { ...failure, ...client('10.0.0.7'), at: NOON, until: last, count: 2 },
      { ...failure, ...client('10.0.0.8'), at: minutes(2), until: minutes(2), count: 1 },
    ]);
  });

  it('are on our clock where the clock of the server differs', async () => {
    const anHour = 60 * MINUTE_MS;
    const ahead = (reading: LoginReading) => ({
      ...reading,
      startedAt: new Date(reading.startedAt.getTime() + anHour),
    });
    await sweep({}, ahead);
    const failedAt = pass(2);
    server.fail('app', '10.0.0.7', 1045, new Date(failedAt.getTime() + anHour));
    pass(3);
    await sweep({}, ahead);
    server.restart(pass(2));
    pass(3);
    await sweep({}, ahead);
    expect(await events()).toMatchObject([
      { kind: 'failures', at: failedAt, until: failedAt },
      { kind: 'restart', at: minutes(7) },
    ]);
  });

  it('of sessions are no failed logins', async () => {
    await sweep();
    pass(5);
    for (const error of [1158, 1159, 1044, 1226]) server.fail('app', '10.0.0.7', error, now);
    await sweep();
    expect(await events()).toMatchObject([{ error: 1044 }, { error: 1226 }]);
    expect(await uses()).toMatchObject([{ logins: 4, failures: 0 }]);
  });

  it('tell blocks, names, flushes and accounts, once each', async () => {
    server.name('10.0.0.7', 'old.example.com');
    server.login('app', '10.0.0.7', now);
    await sweep();
    server.name('10.0.0.7', 'new.example.com');
    server.block('10.0.0.8');
    server.setAccounts([account('app', '10.%', { locked: true }), account('', '%')]);
    await sweeps(2);
    server.flush();
    pass(5);
    await sweep({ flush: { at: new Date('2026-01-01'), request: 'FR-7' } });
    await sweeps(2);
    const at = minutes(5);
    expect(await events()).toEqual([
      {
        ...{ kind: 'name', at, address: '10.0.0.7' },
        ...{ from: 'old.example.com', to: 'new.example.com' },
      },
      { kind: 'blocked', at, address: '10.0.0.8' },
      { kind: 'account', at, account: "'app'@'10.%'", change: 'changed' },
      { kind: 'account', at, account: "''@'%'", change: 'added' },
      { kind: 'account', at, account: "'shop'@'shop.example.com'", change: 'dropped' },
      // Never before the reading before it.
      { kind: 'flush', at: minutes(10), request: 'FR-7' },
      { kind: 'unblocked', at: minutes(15), address: '10.0.0.8' },
    ]);
  });

  it('of a cache that could not be read are none', async () => {
    server.block('10.0.0.8');
    await sweep();
    pass(5);
    await sweep({ cache: null });
    await sweeps(1);
    expect(await events()).toEqual([]);
  });
});

describe('writes', () => {
  it('are one a minute, unless something happens', async () => {
    await sweep();
    server.fail('app', '10.0.0.7', 1045, now);
    const swept = async (times: number) => {
      const before = memory.saves;
      for (let at = 0; at < times; at += 1) {
        pass(1 / 6);
        server.login('app', '10.0.0.7', now);
        server.fail('app', '10.0.0.7', 1045, now);
        await sweep();
      }
      return memory.saves - before;
    };
    // The first failure at once; that it goes on is no news.
    expect(await swept(1)).toBe(1);
    expect(await swept(12)).toBe(2);
    server.block('10.0.0.9');
    expect(await swept(1)).toBe(1);
    pass(1);
    await sweep();
    expect(await uses()).toMatchObject([{ logins: 14, failures: 15 }]);
  });

  it('stop at what a day holds; what is left out is counted', async () => {
    server.setAccounts([account('app', '10.%'), account('late', '10.%')]);
    await sweep();
    pass(5);
    for (let at = 0; at < 3_010; at += 1) server.login('app', `10.0.${at >> 8}.${at & 255}`, now);
    server.login('late', '10.0.0.1', now);
    await sweep();
    const [day] = await days();
    expect(day?.uses).toHaveLength(3_001);
    expect(day?.uses.at(-1)).toMatchObject({ account: "'late'@'10.%'" });
    expect(day?.leftOut).toBe(10);
  });

  it('merge failures of a full day; each keeps its first time and its count', async () => {
    now = new Date('2026-11-29T00:00:00Z');
    await sweep();
    for (let at = 0; at < 287; at += 1) {
      pass(5);
      for (let last = 1; last <= 20; last += 1) server.fail('app', `10.0.0.${last}`, 1045, now);
      if (at === 200) server.block('10.0.0.99');
      await sweep();
    }
    const [day] = await days();
    const { events: kept = [], leftOut } = day as AccessDay;
    expect(kept.length).toBeLessThanOrEqual(1_000);
    expect(leftOut).toBe(0);
    expect(kept.filter(({ kind }) => kind === 'blocked')).toHaveLength(1);
    const counts = kept.map((event) => (event.kind === 'failures' ? event.count : 0));
    expect(counts.reduce((a, b) => a + b)).toBe(287 * 20);
    const firsts = kept.filter(({ at }) => at <= new Date('2026-11-29T00:05:00Z'));
    expect(firsts).toHaveLength(20);
    const longest = kept.map((event) =>
      event.kind === 'failures' ? event.until.getTime() - event.at.getTime() : 0,
    );
    expect(Math.max(...longest)).toBeLessThanOrEqual(60 * MINUTE_MS);
  });
});

const UNREADABLE = Object.assign(new Error('no SELECT'), { kind: 'unreadable' });

function minutes(count: number): Date {
  return new Date(NOON.getTime() + count * MINUTE_MS);
}

function client(address: string) {
  return { host: address, address };
}

function use(given: object) {
  return {
    ...{ user: 'app', host: '10.0.0.7', address: '10.0.0.7', account: null },
    ...{ logins: 0, failures: 0, lastLoginAt: null },
    ...given,
  };
}
