import { describe, expect, it } from 'vitest';
import type { FakeDns } from '../fakes/resolver.ts';
import { account, BY_ADDRESS, JDOE, ROLE } from '../scenarios/accounts.ts';
import { NAME } from '../scenarios/clients.ts';
import { broken, entry, NULL_NO_PTR } from '../scenarios/entries.ts';
import { MARIADB } from '../scenarios/servers.ts';
import { CLIENT_TEXT, DOWN, target, why } from './ask.ts';

/** `why` from the typed line to the JSON object and the exit code. */

const ANSWER = { outcome: 'admitted', error: null, account: null, ties: [] };

describe('the object', () => {
  it('has exactly the fields of the contract', async () => {
    const world = { entries: [NULL_NO_PTR], accounts: [JDOE] };
    const { rows } = await why(CLIENT_TEXT, target(world));
    expect(rows).toEqual([
      {
        server: 'main',
        flavour: 'mysql',
        version: '9.7.4',
        client: CLIENT_TEXT,
        address: CLIENT_TEXT,
        user: null,
        cached: { host: null, validated: true, connectErrors: 0 },
        dns: { status: 'ok', host: NAME, confirmed: true },
        now: { ...ANSWER, outcome: 'refused', error: 1130 },
        afterFlush: ANSWER,
        flush: 'cures',
        accounts: [{ account: `'jdoe'@'${NAME}'`, now: false, afterFlush: true }],
        accountsTotal: 1,
        findings: ['null-host', 'no-matching-account'].map((rule) => ({
          rule,
          severity: 'blocking',
          title: expect.any(String),
          cause: expect.any(String),
          remedy: expect.any(String),
          source: expect.stringMatching(/^https:/),
        })),
        gaps: [],
        reported: null,
        failures: [],
      },
    ]);
  });

  it('has the same fields where the server cannot be asked', async () => {
    const whole = await why(CLIENT_TEXT, target({ entries: [entry()], accounts: [JDOE] }));
    const empty = await why(CLIENT_TEXT, target({ unreadable: { all: DOWN } }));
    expect(Object.keys(empty.rows[0] ?? {})).toEqual(Object.keys(whole.rows[0] ?? {}));
    expect(empty.rows[0]).toEqual({
      server: 'main',
      flavour: null,
      version: null,
      client: CLIENT_TEXT,
      address: CLIENT_TEXT,
      user: null,
      cached: null,
      dns: { status: 'ok', host: NAME, confirmed: true },
      now: { ...ANSWER, outcome: 'unknown' },
      afterFlush: { ...ANSWER, outcome: 'unknown' },
      flush: 'unknown',
      accounts: [],
      accountsTotal: 0,
      findings: [],
      gaps: [DOWN],
      reported: null,
      failures: null,
    });
    expect(empty.exit).toBe(3);
  });

  it('names the account with its quotes, and its ties', async () => {
    const accounts = [account('jdoe', '%.example.com'), account('jdoe', '%.com')];
    const { rows } = await why(`${CLIENT_TEXT} as jdoe`, target({ entries: [entry()], accounts }));
    expect(rows[0]).toMatchObject({
      user: 'jdoe',
      now: { ...ANSWER, account: "'jdoe'@'%.example.com'", ties: ["'jdoe'@'%.com'"] },
    });
  });

  it('lists a hundred accounts and counts them all', async () => {
    const accounts = Array.from({ length: 130 }, (_, i) => account(`app${i}`, '192.0.2.%'));
    const { rows } = await why(CLIENT_TEXT, target({ accounts }));
    expect(rows[0]?.['accountsTotal']).toBe(130);
    expect(rows[0]?.['accounts']).toHaveLength(100);
  });

  it('spells the address as the server does, and the client as it was typed', async () => {
    const client = '2001:DB8:0:0::5';
    const { rows } = await why(client, target({ accounts: [account('u', '%')] }, {}));
    expect(rows[0]).toMatchObject({ client, address: '2001:db8::5' });
  });

  it.each([
    { name: 'no PTR', dns: {}, says: { status: 'nxdomain', host: null, confirmed: false } },
    {
      name: 'an empty answer',
      dns: { ptr: { [CLIENT_TEXT]: 'nodata' } } as const,
      says: { status: 'nodata', host: null, confirmed: false },
    },
    {
      name: 'a failure',
      dns: { ptr: { [CLIENT_TEXT]: 'SERVFAIL' } } as const,
      says: { status: 'failed', host: null, confirmed: false },
    },
    {
      name: 'a name that leads elsewhere',
      dns: { ptr: { [CLIENT_TEXT]: [NAME] }, forward: { [NAME]: ['192.0.2.99'] } },
      says: { status: 'ok', host: NAME, confirmed: false },
    },
  ])('reports DNS: $name', async ({ dns, says }) => {
    const { rows } = await why(CLIENT_TEXT, target({ accounts: [BY_ADDRESS] }, dns));
    expect(rows[0]?.['dns']).toEqual(says);
  });

  it('has no DNS where the server would not ask either', async () => {
    const skipping = target({ settings: { skipNameResolve: true }, accounts: [BY_ADDRESS] });
    expect((await why(CLIENT_TEXT, skipping)).rows[0]).toMatchObject({ dns: null, cached: null });
    const local = await why('127.0.0.1', target({ accounts: [account('root', 'localhost')] }));
    expect(local.rows[0]).toMatchObject({ dns: null, now: ANSWER });
  });
});

describe('the exit code', () => {
  const ALL = account('app', '%');
  const SERVFAIL: FakeDns = { ptr: { [CLIENT_TEXT]: 'SERVFAIL' } };

  it.each([
    { name: 'admitted', world: { entries: [entry()], accounts: [JDOE] }, exit: 0 },
    { name: 'a risk', world: { entries: [broken(50)], accounts: [JDOE] }, exit: 0 },
    { name: 'refused', world: { entries: [entry()] }, exit: 1 },
    { name: 'blocked', world: { entries: [broken(100)], accounts: [JDOE] }, exit: 1 },
    {
      name: 'denied',
      line: `${CLIENT_TEXT} as ghost`,
      world: { entries: [entry()], accounts: [JDOE] },
      exit: 1,
    },
    {
      name: 'admitted to a locked account',
      line: `${CLIENT_TEXT} as jdoe`,
      world: { entries: [entry()], accounts: [{ ...JDOE, locked: true }] },
      exit: 1,
    },
    {
      name: 'admitted by a role while jdoe waits',
      world: { entries: [NULL_NO_PTR], accounts: [ROLE, JDOE] },
      exit: 1,
    },
    { name: 'a gap of DNS', world: { accounts: [ALL] }, dns: SERVFAIL, exit: 0 },
    {
      name: 'a gap of the version',
      world: {
        accounts: [ALL],
        settings: { version: { text: '8.4.6', major: 8, minor: 4, patch: 6 } },
      },
      exit: 0,
    },
    { name: 'mysql.user unread', world: { unreadable: { accounts: 'no grant.' } }, exit: 3 },
    {
      name: 'the cache unread',
      world: { accounts: [ALL], unreadable: { entry: 'no grant.' } },
      exit: 3,
    },
    {
      name: 'the cache hidden',
      world: { accounts: [ALL], settings: { ...MARIADB, performanceSchema: false } },
      exit: 3,
    },
    {
      name: 'activity unread',
      world: { accounts: [ALL], unreadable: { activity: 'no.' } },
      exit: 0,
    },
    { name: 'the server away', world: { unreadable: { all: DOWN } }, exit: 3 },
    { name: 'no client', line: 'good morning', world: { unreadable: { all: DOWN } }, exit: 2 },
    {
      name: 'an unknown server',
      line: `${CLIENT_TEXT} on x`,
      world: { unreadable: { all: DOWN } },
      exit: 2,
    },
  ])('of $name is $exit', async ({ line = CLIENT_TEXT, world, dns, exit }) => {
    expect((await why(line, target(world, dns))).exit).toBe(exit);
  });

  it('of many answers is the gravest: 3 before 1 before 0', async () => {
    const good = { entries: [entry()], accounts: [JDOE] };
    const targets = [
      target(good),
      target({ ...good, name: 'away', unreadable: { all: DOWN } }),
      target({ ...good, name: 'empty', accounts: [] }),
    ];
    expect((await why(CLIENT_TEXT, ...targets)).exit).toBe(3);
    expect((await why(`${CLIENT_TEXT} on empty`, ...targets)).exit).toBe(1);
    expect((await why(`${CLIENT_TEXT} on main`, ...targets)).exit).toBe(0);
  });
});
