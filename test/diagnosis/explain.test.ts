import { describe, expect, it } from 'vitest';
import { explainError } from '../../src/diagnosis/explain.ts';
import { readWish } from '../../src/diagnosis/wish.ts';
import { BLOCKED, DENIED, REFUSED } from './pasted/pasted.ts';
import { slackRequest } from './requests.ts';

/** A pasted error without a server: what it means, and never what the server would answer now. */

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
    expect(readWish(slackRequest(line.slice(4)), ['main'])).toMatchObject({
      clients: ['192.0.2.7'],
      user,
    });
  });

  it('is absent where no client is named', () => {
    expect(buttons("Access denied for user 'app'@'192.0.2.7' to database 'shop'")).toEqual([]);
    expect(buttons('ERROR 1040 (08004): Too many connections')).toEqual([]);
  });
});

describe('refused', () => {
  it.each(['', 'good morning', 'Communications link failure'])('"%s" is no error', (text) => {
    const { rows, exit, messages } = explainError(text);
    expect({ rows, exit }).toEqual({ rows: [], exit: 2 });
    expect(messages[0]?.headline).toMatch(/^Expected an error message/);
  });

  it('what names a client and no error says how to ask', () => {
    const { exit, messages } = explainError('our batch host 192.0.2.7 is broken');
    expect(exit).toBe(2);
    expect(messages[0]?.headline).toContain('why 192.0.2.7');
  });
});
