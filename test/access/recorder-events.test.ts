import { describe, expect, it } from 'vitest';
import type { AccessDay } from '../../src/access/record.ts';
import type { LoginReading } from '../../src/hostcache/failures.ts';
import { account } from '../scenarios/accounts.ts';
import {
  client,
  days,
  events,
  MINUTE_MS,
  makeRig,
  memory,
  minutes,
  moveTo,
  NOON,
  now,
  pass,
  server,
  sweep,
  sweeps,
  uses,
} from './recorder-rig.ts';

/** What sweeps remember of events, and when they write it. */

makeRig();

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
    moveTo(new Date('2026-11-29T00:00:00Z'));
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
