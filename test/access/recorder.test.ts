import { describe, expect, it } from 'vitest';
import type { LoginReading } from '../../src/hostcache/failures.ts';
import { account } from '../scenarios/accounts.ts';
import {
  days,
  events,
  makeRig,
  moveTo,
  now,
  pass,
  server,
  spans,
  sweep,
  sweeps,
  UNREADABLE,
  use,
  uses,
} from './recorder-rig.ts';

/** What sweeps remember of logins, and of the times in which none was missed. */

makeRig();

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
    moveTo(new Date('2026-11-28T23:50:00Z'));
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
