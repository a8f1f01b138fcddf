import { describe, expect, it } from 'vitest';
import { explain } from '../../src/diagnosis/explain.ts';
import { BLOCKED, DENIED, REFUSED } from './pasted/pasted.ts';
import { slackRequest, whyAsked } from './requests.ts';

/** A pasted error without a server: what it means, and never what the server would answer now. */

const explainError = (text: string) => explain(text, new Date());

const UNKNOWN = { outcome: 'unknown', error: null, account: null, ties: [] };

function findingOf(text: string) {
  const [row] = explainError(text).rows;
  const findings = row !== undefined && 'findings' in row ? row.findings : [];
  return Array.isArray(findings) ? findings[0] : undefined;
}

it('gives the object of why --json, all of it unknown', () => {
  const { rows, exit } = explainError(`ERROR 1045 (28000): ${DENIED}`);
  expect(exit).toBe(1);
  expect(rows).toEqual([
    {
      server: null,
      flavour: null,
      version: null,
      client: '192.0.2.7',
      address: '192.0.2.7',
      user: 'app',
      cached: null,
      dns: null,
      now: UNKNOWN,
      afterFlush: UNKNOWN,
      flush: 'unknown',
      accounts: [],
      accountsTotal: 0,
      findings: [
        {
          rule: 'wrong-password',
          severity: 'blocking',
          title: expect.any(String),
          cause: expect.any(String),
          remedy: expect.any(String),
          source: expect.stringMatching(/^https:/),
        },
      ],
      gaps: [expect.any(String)],
      reported: { error: 1045, by: 'mysql' },
      failures: null,
    },
  ]);
});

describe('the finding', () => {
  it.each([
    { text: BLOCKED, rule: 'blocked-host' },
    { text: REFUSED, rule: 'no-matching-account' },
    // As its own example reads where the shell took the quotes off.
    { text: REFUSED.replaceAll("'", ''), rule: 'no-matching-account' },
    { text: "Access denied for user 'app'@'%' to database 'shop'", rule: 'default-database' },
    { text: "Access denied for user 'app'@'192.0.2.7'", rule: 'wrong-password' },
    {
      text: "Access denied for user 'app'@'192.0.2.7'. Account is locked.",
      rule: 'account-locked',
    },
    { text: 'ERROR 1040 (08004): Too many connections', rule: 'too-many-connections' },
    {
      text: "ERROR 2003 (HY000): Can't connect to MySQL server on 'db' (111)",
      rule: 'not-listening',
    },
    {
      text: "ERROR 2013 (HY000): Lost connection to MySQL server at 'x'",
      rule: 'handshake-errors',
    },
    {
      text: "ERROR 1524 (HY000): Plugin 'mysql_native_password' is not loaded",
      rule: 'plugin-missing',
    },
    { text: 'Error: connect ECONNREFUSED 192.0.2.99:3306', rule: 'not-listening' },
    { text: "ERROR 2005 (HY000): Unknown MySQL server host 'db' (-2)", rule: 'not-listening' },
    { text: 'SQLSTATE[HY000] [2002] No such file or directory', rule: 'not-listening' },
    { text: 'Communications link failure', rule: 'handshake-errors' },
    // Some drivers say so when the server closes at its greeting.
    { text: 'Lost connection to MySQL server during query', rule: 'handshake-errors' },
    {
      text: "User 'app' has exceeded the 'max_questions' resource (current value: 3)",
      rule: 'user-limits',
    },
    {
      text: 'ERROR 3159 (HY000): Connections using insecure transport are prohibited',
      rule: 'tls-required',
    },
  ])('of "$text" is $rule', ({ text, rule }) => expect(findingOf(text)?.rule).toBe(rule));
});

describe('the button', () => {
  const buttons = (text: string) =>
    explainError(text).messages.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])),
    );

  it.each(['app', 'my app', "o'brien"])('asks the server for the client as %s', (user) => {
    const [button] = buttons(`Access denied for user '${user}'@'192.0.2.7' (using password: YES)`);
    const line = button?.line ?? '';
    expect(line).toMatch(/^why /);
    expect(whyAsked(slackRequest(line.slice(4)), ['main'])).toMatchObject({
      clients: ['192.0.2.7'],
      users: [user],
    });
  });

  it('asks of every client that the text names, eight at most', () => {
    const hosts = Array.from({ length: 12 }, (_, last) => `192.0.2.${last + 1}`);
    const [button] = buttons(hosts.map((host) => REFUSED.replace('192.0.2.7', host)).join('\n'));
    const asked = whyAsked(slackRequest(button?.line.slice(4) ?? ''), ['main']);
    expect(asked).toMatchObject({ clients: hosts.slice(0, 8) });
    expect(button?.says).toBe(
      'Ask the server why 192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4, 192.0.2.5 and 3 more are refused',
    );
  });

  it('is absent where no client is named', () => {
    expect(buttons("Access denied for user 'app'@'192.0.2.7' to database 'shop'")).toEqual([]);
    expect(buttons('ERROR 1040 (08004): Too many connections')).toEqual([]);
  });
});

describe('an error that is none of the host cache', () => {
  it.each([
    { text: 'ERROR 1862 (HY000): Your password has expired.', says: /1862 .*expired/ },
    { text: 'ERROR 3032 (HY000): The server is currently in offline mode', says: /3032 .*offline/ },
    {
      text: 'DBD::mysql::st execute failed: Lost connection to MySQL server during query',
      says: /2013 .*while a statement ran/,
    },
  ])('"$text" is named, in one line', ({ text, says }) => {
    const { rows, exit, messages } = explainError(text);
    expect(exit).toBe(0);
    expect(rows).toMatchObject([{ findings: [], now: { outcome: 'unknown' } }]);
    expect(messages[0]?.headline).toMatch(says);
    expect(messages[0]?.headline).toContain('nothing to do with the host cache');
    expect(messages[0]?.headline).not.toContain('\n');
  });

  it('beside a client offers to ask all the same', () => {
    const text = "Aborted connection 7 to db: 'shop' user: 'app' host: '192.0.2.7' (Got timeout)";
    const shown = explainError(text).messages.flatMap(({ blocks }) => blocks);
    expect(shown).toContainEqual({
      kind: 'buttons',
      buttons: [expect.objectContaining({ line: 'why 192.0.2.7 as app' })],
    });
  });
});

describe('asked why, an error that names no client', () => {
  it.each([
    { text: 'ERROR 1040 (08004): Too many connections', says: /no free connection/ },
    { text: "Access denied for user 'app'@'%' to database 'shop'", says: /database .* denied/ },
    { text: 'ERROR 1862 (HY000): Your password has expired.', says: /password .* has expired/ },
  ])('"$text" is still explained', ({ text, says }) => {
    const asked = whyAsked(slackRequest(text), ['main']);
    expect(asked).toMatchObject({ fault: expect.stringContaining('names no client') });
    expect(asked).toMatchObject({ fault: expect.stringMatching(says) });
  });
});

describe('refused', () => {
  it.each(['', 'good morning'])('"%s" is no error', (text) => {
    const { rows, exit, messages } = explainError(text);
    expect({ rows, exit }).toEqual({ rows: [], exit: 2 });
    expect(messages[0]?.headline).toMatch(/^Expected an error message/);
  });

  it('an error of a statement is not taken for one of a connection', () => {
    const { exit, messages } = explainError(
      "ERROR 1146 (42S02): Table 'shop.orders' doesn't exist",
    );
    expect(exit).toBe(2);
    expect(messages[0]?.headline).toMatch(/^Error 1146 is not known to keep a client from/);
  });

  it('what names a client and no error says how to ask', () => {
    const { exit, messages } = explainError('our batch host 192.0.2.7 is broken');
    expect(exit).toBe(2);
    expect(messages[0]?.headline).toContain('why 192.0.2.7');
  });
});
