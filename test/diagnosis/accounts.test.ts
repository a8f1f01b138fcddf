import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/reply.ts';
import { accountsCommand } from '../../src/diagnosis/account-list.ts';
import type { Target } from '../../src/diagnosis/gather.ts';
import { account, BY_ADDRESS, JDOE } from '../scenarios/accounts.ts';
import { NAME } from '../scenarios/clients.ts';
import { entry } from '../scenarios/entries.ts';
import { CLIENT_TEXT, DOWN, target } from './ask.ts';
import { slackRequest } from './requests.ts';

/** `accounts`: of an address, of a host name, of nobody in particular; on one server and on many. */

const NOON = new Date('2026-07-01T12:00:00Z');
const WORLD = { entries: [entry()], accounts: [JDOE, account('app', '%')] };

function accounts(line: string, ...targets: readonly Target[]): Promise<Reply> {
  return accountsCommand.run(slackRequest(line), { targets, now: () => NOON });
}

function headlines({ messages }: Reply): readonly string[] {
  return messages.map(({ headline }) => headline);
}

/** Each row as `account address server`. */
function said({ rows }: Reply): readonly string[] {
  return rows.map((row) => {
    const { account: name, address, server } = { account: '', address: '', server: '', ...row };
    return `${name} ${address} ${server}`;
  });
}

describe('a client', () => {
  it('by address', async () => {
    const reply = await accounts(CLIENT_TEXT, target(WORLD));
    expect(headlines(reply)).toEqual([
      `2 accounts match ${CLIENT_TEXT} on main, now or after a flush.`,
    ]);
    expect(reply).toMatchObject({ exit: 0, isPublic: false });
    expect(reply.rows[0]).toEqual({
      server: 'main',
      client: CLIENT_TEXT,
      address: CLIENT_TEXT,
      account: "'jdoe'@'merp.example.com'",
      now: true,
      afterFlush: true,
      locked: false,
      role: false,
    });
  });

  it('by host name is each address cached under it, then those of DNS, each once', async () => {
    const entries = [entry({ address: '192.0.2.8', host: 'MERP.example.com' }), entry()];
    const dns = { forward: { [NAME]: [CLIENT_TEXT, '2001:db8::5'] } };
    const reply = await accounts(NAME, target({ entries, accounts: [account('app', '%')] }, dns));
    expect(headlines(reply)).toEqual(
      ['192.0.2.8', CLIENT_TEXT, '2001:db8::5'].map(
        (address) => `1 account matches ${NAME} (${address}) on main, now or after a flush.`,
      ),
    );
    expect(said(reply)).toEqual([
      "'app'@'%' 192.0.2.8 main",
      `'app'@'%' ${CLIENT_TEXT} main`,
      "'app'@'%' 2001:db8::5 main",
    ]);
    expect(reply.rows[0]).toMatchObject({ client: NAME });
  });

  it('by host name is eight addresses at most, and the last answer says so', async () => {
    const forward = Array.from({ length: 20 }, (_, at) => `192.0.2.${at + 100}`);
    const reply = await accounts(NAME, target(WORLD, { forward: { [NAME]: forward } }));
    expect(reply.messages).toHaveLength(8);
    const notes = reply.messages.map(({ blocks }) => JSON.stringify(blocks).includes('13 more'));
    expect(notes).toEqual([...Array(7).fill(false), true]);
  });

  it.each([
    { line: '192.0.2.999', exit: 2, says: /got "192\.0\.2\.999": 999 is over 255/ },
    { line: `${NAME}:3306`, exit: 2, says: /it ends with a port, 3306/ },
    { line: 'a/b', exit: 2, says: /Expected an IPv4 or IPv6 address or a host name, got "a\/b"/ },
    { line: 'nobody.example.com', exit: 2, says: /^No address found for nobody/ },
  ])('$line', async ({ line, exit, says }) => {
    const reply = await accounts(line, target(WORLD));
    expect(headlines(reply)).toEqual([expect.stringMatching(says)]);
    expect(reply).toMatchObject({ exit, rows: [] });
  });

  it('whose name neither the cache nor DNS could tell is not called unknown', async () => {
    const world = { unreadable: { entriesOf: DOWN } };
    const reply = await accounts('x.example.com', target(world));
    expect(headlines(reply)).toEqual([`No address found for x.example.com. ${DOWN}`]);
    expect(reply.exit).toBe(3);
  });
});

describe('no client', () => {
  it('is every host pattern', async () => {
    const reply = await accounts('', target(WORLD));
    expect(headlines(reply)).toEqual(['main has 2 accounts under 2 host patterns.']);
    expect(reply.rows).toMatchObject([
      { server: 'main', host: '%', accounts: 1, users: ['app'], marks: ['any host may try'] },
      { server: 'main', host: NAME, accounts: 1, users: ['jdoe'], marks: [] },
    ]);
  });
});

describe('on many servers', () => {
  const servers = [
    target(WORLD),
    target({ name: 'away', unreadable: { all: DOWN } }),
    target({ name: 'replica', accounts: [BY_ADDRESS] }),
  ];

  it('each answers for itself; one that is away is one sentence, however many addresses', async () => {
    for (const line of [CLIENT_TEXT, NAME, '']) {
      const reply = await accounts(line, ...servers);
      const [first, second, third, ...others] = headlines(reply);
      expect(second).toBe(DOWN);
      expect([first, third]).toEqual([
        expect.stringContaining('main'),
        expect.stringContaining('replica'),
      ]);
      expect(others).toEqual([]);
      expect(reply).toMatchObject({ exit: 3, faults: [{ headline: DOWN }] });
    }
    const both = { forward: { [NAME]: [CLIENT_TEXT, '2001:db8::5'] } };
    const away = target({ name: 'away', unreadable: { all: DOWN } }, both);
    expect(headlines(await accounts(NAME, away))).toEqual([DOWN]);
  });

  it('one of them is asked by name', async () => {
    const reply = await accounts(`${NAME} on main`, ...servers);
    expect(said(reply)).toEqual([
      `'jdoe'@'merp.example.com' ${CLIENT_TEXT} main`,
      `'app'@'%' ${CLIENT_TEXT} main`,
    ]);
  });
});
