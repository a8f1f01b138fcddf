import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/chat/subcommand.ts';
import { understands } from '../../src/diagnosis/why-line.ts';
import { DENIED, REFUSED } from './pasted/pasted.ts';
import { slackRequest, terminalRequest, whyAsked } from './requests.ts';

/** What is asked of `why`: clients, the user, the servers; typed, pasted or by options. */

const SERVERS = ['main', 'replica'];

/** What differs from asking all servers privately, for no user in particular. */
interface Row {
  readonly line: string;
  readonly asked: {
    readonly clients: readonly string[];
    /** Of every client. */
    readonly user?: string | null;
    readonly servers?: readonly string[];
    readonly isPublic?: boolean;
  };
}

function expectAsked(request: Request, { user = null, ...asked }: Row['asked']): void {
  const users = asked.clients.map(() => user);
  const whole = { users, servers: SERVERS, isPublic: false, ...asked };
  expect(whyAsked(request, SERVERS)).toEqual(whole);
}

const CLIENTS = { clients: ['192.0.2.7'] };

const TYPED: readonly Row[] = [
  { line: '192.0.2.7', asked: CLIENTS },
  { line: '2001:db8::5', asked: { clients: ['2001:db8::5'] } },
  { line: '[2001:db8::5]', asked: { clients: ['[2001:db8::5]'] } },
  { line: 'merp.example.com', asked: { clients: ['merp.example.com'] } },
  { line: 'merp', asked: { clients: ['merp'] } },
  { line: '12.example.com', asked: { clients: ['12.example.com'] } },
  { line: '192.0.2.7 192.0.2.8 merp', asked: { clients: ['192.0.2.7', '192.0.2.8', 'merp'] } },
  { line: '192.0.2.7 as app', asked: { ...CLIENTS, user: 'app' } },
  {
    line: '192.0.2.7 AS app ON main PUBLICLY',
    asked: { ...CLIENTS, user: 'app', servers: ['main'], isPublic: true },
  },
  { line: '192.0.2.7 on main', asked: { ...CLIENTS, servers: ['main'] } },
  { line: '192.0.2.7 on all', asked: CLIENTS },
  {
    line: '192.0.2.7 publicly on replica as app',
    asked: { ...CLIENTS, user: 'app', servers: ['replica'], isPublic: true },
  },
  // Only after the client, so these are names.
  { line: '192.0.2.7 as on', asked: { ...CLIENTS, user: 'on' } },
  { line: '192.0.2.7 as publicly', asked: { ...CLIENTS, user: 'publicly' } },
  { line: '192.0.2.7 as as on main', asked: { ...CLIENTS, user: 'as', servers: ['main'] } },
  { line: '192.0.2.7 as "my app"', asked: { ...CLIENTS, user: 'my app' } },
  { line: "192.0.2.7 as 'my app'", asked: { ...CLIENTS, user: 'my app' } },
  { line: '192.0.2.7 as ""', asked: { ...CLIENTS, user: '' } },
  { line: "192.0.2.7 as o'brien", asked: { ...CLIENTS, user: "o'brien" } },
  {
    line: '192.0.2.7 as "o\'brien" on main',
    asked: { ...CLIENTS, user: "o'brien", servers: ['main'] },
  },
  {
    line: "merp.example.com as 'app.user'",
    asked: { clients: ['merp.example.com'], user: 'app.user' },
  },
  { line: "192.0.2.7 as '10.1.2.3'", asked: { ...CLIENTS, user: '10.1.2.3' } },
  {
    line: "192.0.2.7 merp.example.com as 'app.user'",
    asked: { clients: ['192.0.2.7', 'merp.example.com'], user: 'app.user' },
  },
  { line: 'merp as app', asked: { clients: ['merp'], user: 'app' } },
];

describe('typed', () => {
  it.each(TYPED)('$line', ({ line, asked }) => expectAsked(slackRequest(line), asked));
});

const PASTED: readonly Row[] = [
  { line: `ERROR 1130 (HY000): ${REFUSED}`, asked: CLIENTS },
  { line: DENIED, asked: { ...CLIENTS, user: 'app' } },
  { line: `${DENIED} as jdoe`, asked: { ...CLIENTS, user: 'jdoe' } },
  { line: `${DENIED} as "jdoe of sales"`, asked: { ...CLIENTS, user: 'jdoe of sales' } },
  { line: `${REFUSED} on main`, asked: { ...CLIENTS, servers: ['main'] } },
  { line: `${REFUSED} on all publicly`, asked: { ...CLIENTS, isPublic: true } },
  {
    line: `${REFUSED} publicly as app on replica`,
    asked: { ...CLIENTS, user: 'app', servers: ['replica'], isPublic: true },
  },
  { line: `"${REFUSED}" on main`, asked: { ...CLIENTS, servers: ['main'] } },
  { line: `\`${REFUSED}\``, asked: CLIENTS },
  // `on` counts only before the name of a configured server.
  { line: `${REFUSED} on tuesday`, asked: CLIENTS },
  { line: `why is it on main that ${REFUSED}?`, asked: CLIENTS },
  // An address before the message is where the text was found.
  { line: `192.0.2.99: ${REFUSED}`, asked: CLIENTS },
  { line: `2026-11-21 04:00:12 ${REFUSED}`, asked: CLIENTS },
  {
    line: `Host '192.0.2.7' is blocked because of many connection errors\nHost '192.0.2.8' is blocked because of many connection errors on main`,
    asked: { clients: ['192.0.2.7', '192.0.2.8'], servers: ['main'] },
  },
  { line: 'our batch host 192.0.2.7 cannot connect', asked: CLIENTS },
];

describe('pasted', () => {
  it.each(PASTED)('$line', ({ line, asked }) => expectAsked(slackRequest(line), asked));
});

describe('in a terminal', () => {
  const ROWS = [
    {
      name: 'options',
      request: terminalRequest(['192.0.2.7'], { server: 'main', user: 'app' }),
      asked: { ...CLIENTS, user: 'app', servers: ['main'] },
    },
    {
      name: 'words win',
      request: terminalRequest(['192.0.2.7', 'as', 'jdoe', 'on', 'replica'], {
        server: 'main',
        user: 'app',
      }),
      asked: { ...CLIENTS, user: 'jdoe', servers: ['replica'] },
    },
    {
      name: '--server all',
      request: terminalRequest(['192.0.2.7'], { server: 'all' }),
      asked: CLIENTS,
    },
    { name: 'a message as one word', request: terminalRequest([REFUSED]), asked: CLIENTS },
    {
      name: 'a message and an option',
      request: terminalRequest([DENIED], { user: 'jdoe' }),
      asked: { ...CLIENTS, user: 'jdoe' },
    },
    {
      name: 'a message and words',
      request: terminalRequest([REFUSED, 'on', 'main', 'as', 'my app']),
      asked: { ...CLIENTS, user: 'my app', servers: ['main'] },
    },
    {
      name: 'a message between clients',
      request: terminalRequest(['192.0.2.8', REFUSED, 'merp']),
      asked: { clients: ['192.0.2.8', '192.0.2.7', 'merp'] },
    },
    {
      name: 'a message whose quotes the shell took off',
      request: terminalRequest(
        'Host 192.0.2.7 is not allowed to connect to this MySQL server'.split(' '),
      ),
      asked: CLIENTS,
    },
    {
      name: 'a user with a space',
      request: terminalRequest(['192.0.2.7', 'as', 'my app']),
      asked: { ...CLIENTS, user: 'my app' },
    },
  ];
  it.each(ROWS)('$name', ({ request, asked }) => expectAsked(request, asked));
});

describe('refused in one line', () => {
  const EXPECTED_CLIENT = /^Expected a client/;
  const ROWS = [
    { line: '', says: EXPECTED_CLIENT },
    { line: '   ', says: EXPECTED_CLIENT },
    { line: 'as', says: EXPECTED_CLIENT },
    { line: 'publicly', says: EXPECTED_CLIENT },
    { line: 'as app', says: EXPECTED_CLIENT },
    { line: 'on main', says: EXPECTED_CLIENT },
    { line: 'as publicly', says: EXPECTED_CLIENT },
    { line: 'publicly on main', says: EXPECTED_CLIENT },
    { line: 'good morning', says: /got "good morning"/ },
    { line: '192.0.2.256', says: /got "192\.0\.2\.256"/ },
    { line: '192.0.2.07', says: /got "192\.0\.2\.07"/ },
    { line: '192.0.2.7:3306', says: /got "192\.0\.2\.7:3306"/ },
    { line: '192.0.2', says: /got "192\.0\.2"/ },
    { line: '192.0.2.0/24', says: /got "192\.0\.2\.0\/24"/ },
    { line: '2001:db8::g', says: /got "2001:db8::g"/ },
    { line: '192.0.2.%', says: /got "192\.0\.2\.%"/ },
    { line: '-merp.example.com', says: /got "-merp\.example\.com"/ },
    { line: 'merp..example.com', says: /got "merp\.\.example\.com"/ },
    { line: '192.0.2.7 192.0.2.999', says: /got "192\.0\.2\.999"/ },
    {
      line: '192.0.2.7 on nowhere',
      says: /Unknown server "nowhere": expected main, replica, all\./,
    },
    { line: '192.0.2.7 on', says: /after "on", got nothing/ },
    { line: '192.0.2.7 as', says: /after "as", got nothing/ },
    { line: '192.0.2.7 with', says: /an account such as .* after "with", got nothing/ },
    { line: '192.0.2.7 as app loudly', says: /got "loudly"/ },
    { line: '192.0.2.7 as app 192.0.2.8', says: /got "192\.0\.2\.8"/ },
    {
      line: "ERROR 1044 (42000): Access denied for user 'app'@'%' to database 'shop'",
      says: /Error 1044 names no client/,
    },
    {
      line: "ERROR 2003 (HY000): Can't connect to MySQL server on '192.0.2.99:3306' (111)",
      says: /Error 2003 names no client/,
    },
    { line: `so ${'much '.repeat(100)}text`, says: /^.{1,250}$/ },
  ];

  it.each(ROWS)('"$line"', ({ line, says }) => {
    const asked = whyAsked(slackRequest(line), SERVERS);
    expect(asked).toEqual({ fault: expect.stringMatching(says) });
    expect(asked).not.toEqual({ fault: expect.stringContaining('\n') });
  });

  it.each([
    { name: 'an unknown --server', request: terminalRequest(['192.0.2.7'], { server: 'x' }) },
    { name: 'a line of input that is no client', request: terminalRequest(['192.0.2.7', 'a b']) },
    { name: 'no client', request: terminalRequest([], { user: 'app' }) },
    { name: 'an empty word', request: terminalRequest(['']) },
    { name: 'an empty word after a client', request: terminalRequest(['192.0.2.7', '']) },
  ])('$name', ({ request }) => {
    expect(whyAsked(request, SERVERS)).toEqual({ fault: expect.stringMatching(/^[^\n]+$/) });
  });
});

it('judges each client of several pasted errors as its own', () => {
  const words = [
    "Host '192.0.2.7' is not allowed to connect to this MySQL server",
    "Access denied for user 'app'@'192.0.2.8' (using password: YES)",
    '192.0.2.9',
  ];
  const request = { words, line: '', options: {}, caller: { kind: 'terminal' } as const };
  expect(whyAsked(request, ['main'])).toMatchObject({
    clients: ['192.0.2.7', '192.0.2.8', '192.0.2.9'],
    users: [null, 'app', null],
  });
});

it.each([
  { line: '192.0.2.7', is: true },
  { line: "db1 says: Host '192.0.2.7' is not allowed to connect", is: true },
  { line: 'ERROR 1040 (08004): Too many connections', is: true },
  { line: '', is: false },
  { line: 'lunch at noon?', is: false },
  { line: '192.0.2.7 web1 timed out', is: true },
  { line: 'ERROR 1146: no such table', is: false },
])('can it read "$line": $is', ({ line, is }) => {
  expect(understands(slackRequest(line), [{ server: { name: 'main' } }])).toBe(is);
});
