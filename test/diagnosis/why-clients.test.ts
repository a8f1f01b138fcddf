import { describe, expect, it } from 'vitest';
import { account, JDOE } from '../scenarios/accounts.ts';
import { NAME } from '../scenarios/clients.ts';
import { entry } from '../scenarios/entries.ts';
import { CLIENT_TEXT, DOWN, target, why } from './ask.ts';
import { DENIED } from './pasted/pasted.ts';

/** Of whom `why` speaks: many clients, host names, many servers. */

const OPEN = { accounts: [account('app', '%')] };

/** Each answer as `client address server`. */
function said({ rows }: Awaited<ReturnType<typeof why>>): readonly string[] {
  return rows.map(({ server, client, address }) => `${client} ${address} ${server}`);
}

describe('a host name', () => {
  it('means the addresses cached under it, then those of DNS, each once', async () => {
    const entries = [
      entry({ address: '192.0.2.8', host: 'MERP.example.com' }),
      entry({ address: CLIENT_TEXT }),
      entry({ address: '192.0.2.9', host: 'other.example.com' }),
    ];
    const dns = { forward: { [NAME]: [CLIENT_TEXT, '2001:db8::5'] } };
    const answers = said(await why(NAME, target({ ...OPEN, entries }, dns)));
    expect(answers).toEqual([
      `${NAME} 192.0.2.8 main`,
      `${NAME} 192.0.2.7 main`,
      `${NAME} 2001:db8::5 main`,
    ]);
  });

  it('means eight addresses at most, the cached ones first', async () => {
    const forward = Array.from({ length: 20 }, (_, i) => `192.0.2.${i + 100}`);
    const world = { ...OPEN, entries: [entry()] };
    const reply = await why(NAME, target(world, { forward: { [NAME]: forward } }));
    const answers = said(reply);
    expect(answers).toHaveLength(8);
    expect(answers[0]).toBe(`${NAME} 192.0.2.7 main`);
    // Nobody takes eight that are let in for all of them.
    const gap = `${NAME} has 13 more addresses, which were not checked.`;
    expect(reply.rows.map(({ gaps }) => gaps)).toEqual([...Array(7).fill([]), [gap]]);
    expect(reply.exit).toBe(0);
  });

  it('is shown with its address', async () => {
    const { headlines } = await why(NAME, target(OPEN));
    expect(headlines).toEqual([expect.stringMatching(/^merp\.example\.com \(192\.0\.2\.7\) /)]);
  });

  it.each([
    {
      name: 'neither has it',
      world: {},
      dns: {},
      exit: 2,
      says: /^No address found for merp\.example\.com, neither in the host cache of main nor in DNS/,
    },
    {
      name: 'DNS fails, the cache has none',
      world: {},
      dns: { forward: { [NAME]: 'SERVFAIL' } } as const,
      exit: 3,
      says: /^No address found for .*\. the fake DNS: SERVFAIL\./,
    },
    {
      name: 'the cache cannot be read, DNS has none',
      world: { unreadable: { all: DOWN } },
      dns: {},
      exit: 3,
      says: /^No address found for .*\. main: nothing listens/,
    },
  ])('is no client where $name', async ({ world, dns, exit, says }) => {
    const reply = await why(NAME, target(world, dns));
    expect(reply.exit).toBe(exit);
    expect(reply.rows).toEqual([]);
    expect(reply.headlines).toEqual([expect.stringMatching(says)]);
  });

  it('is found by DNS where the cache cannot be read, and by the cache where DNS fails', async () => {
    const away = await why(NAME, target({ unreadable: { all: DOWN } }));
    expect(away.rows[0]).toMatchObject({ address: CLIENT_TEXT, version: null, gaps: [DOWN] });
    expect(away.exit).toBe(3);
    const dns = { forward: { [NAME]: 'SERVFAIL' } } as const;
    const cached = await why(NAME, target({ ...OPEN, entries: [entry()] }, dns));
    expect(said(cached)).toEqual([`${NAME} 192.0.2.7 main`]);
  });
});

describe('several clients', () => {
  it('are answered one by one, in the order in which they were asked', async () => {
    const answers = said(await why([CLIENT_TEXT, '2001:db8::5', '127.0.0.1'], target(OPEN)));
    expect(answers).toEqual([
      '192.0.2.7 192.0.2.7 main',
      '2001:db8::5 2001:db8::5 main',
      '127.0.0.1 127.0.0.1 main',
    ]);
  });

  it('are refused together where one of them is none', async () => {
    const reply = await why([CLIENT_TEXT, '192.0.2.999'], target(OPEN));
    expect(reply.exit).toBe(2);
    expect(reply.headlines).toHaveLength(1);
    expect(reply.headlines[0]).toContain('"192.0.2.999"');
  });

  it('come from a pasted message with its user', async () => {
    const { rows } = await why(DENIED, target({ entries: [entry()], accounts: [JDOE] }));
    expect(rows).toMatchObject([
      { client: CLIENT_TEXT, user: 'app', now: { outcome: 'denied', error: 1045 } },
    ]);
  });
});

describe('several servers', () => {
  const targets = [
    target({ ...OPEN, name: 'main' }),
    target({ ...OPEN, name: 'replica', unreadable: { all: DOWN } }),
    target({ name: 'empty' }),
  ];

  it('are all asked, and one that is away does not silence the others', async () => {
    const { rows, exit } = await why(CLIENT_TEXT, ...targets);
    expect(rows.map(({ server, version }) => [server, version])).toEqual([
      ['main', '9.7.4'],
      ['replica', null],
      ['empty', '9.7.4'],
    ]);
    expect(exit).toBe(3);
  });

  it('are asked by name', async () => {
    expect(said(await why(`${CLIENT_TEXT} on empty`, ...targets))).toEqual([
      `${CLIENT_TEXT} ${CLIENT_TEXT} empty`,
    ]);
    expect(said(await why(`${CLIENT_TEXT} on all`, ...targets))).toHaveLength(3);
    const unknown = await why(`${CLIENT_TEXT} on nowhere`, ...targets);
    expect(unknown).toMatchObject({ exit: 2, rows: [] });
    expect(unknown.headlines).toEqual([
      'Unknown server "nowhere": expected main, replica, empty, all.',
    ]);
  });
});

describe('the answer', () => {
  it('is private unless it is asked for publicly', async () => {
    expect((await why(CLIENT_TEXT, target(OPEN))).isPublic).toBe(false);
    expect((await why(`${CLIENT_TEXT} publicly`, target(OPEN))).isPublic).toBe(true);
  });

  it('that refuses the wish is private', async () => {
    expect((await why('good morning publicly', target(OPEN))).isPublic).toBe(false);
  });
});
