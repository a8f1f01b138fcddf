import { describe, expect, it } from 'vitest';
import { JDOE } from '../scenarios/accounts.ts';
import { NULL_NO_PTR } from '../scenarios/entries.ts';
import { CLIENT_TEXT, target, why } from './ask.ts';

/** `why … with "'app'@'10.%'"`: the answer if one more account existed. */

const WORLD = { entries: [NULL_NO_PTR], accounts: [JDOE] };

describe('why with an account', () => {
  it.each([
    {
      line: `${CLIENT_TEXT} as jdoe with "'jdoe'@'192.0.2.%'"`,
      now: { outcome: 'admitted', account: "'jdoe'@'192.0.2.%'" },
    },
    // It opens the host check for everybody, and lets in only its own user.
    {
      line: `${CLIENT_TEXT} as jdoe with "'other'@'%'" on main`,
      now: { outcome: 'denied', account: null },
    },
    {
      line: `${CLIENT_TEXT} with "other@10.%" as jdoe`,
      now: { outcome: 'refused', account: null },
    },
  ])('$line', async ({ line, now }) => {
    const { rows, headlines } = await why(line, target(WORLD));
    expect(rows[0]).toMatchObject({ now, without: { outcome: 'refused', error: 1130 } });
    expect(headlines[0]).toMatch(/^With '\w+'@'.*': 192\.0\.2\.7 as jdoe /);
  });

  it('says what it is now, and that nothing was changed', async () => {
    const { messages } = await why(`${CLIENT_TEXT} with "'jdoe'@'192.0.2.%'"`, target(WORLD));
    expect(JSON.stringify(messages)).toContain('as it is now: refused (1130). Nothing was changed');
  });

  it.each([
    { account: "'jdoe'@'merp.example.com'", says: "'jdoe'@'merp.example.com' exists already." },
    { account: "'jdoe'@'a@b'", says: /has no "@"/ },
    { account: `'jdoe'@'${'x'.repeat(256)}'`, says: /at most 255 characters, got 256/ },
    { account: "'jdoe", says: /Expected an account such as/ },
  ])('refuses $account in one line', async ({ account, says }) => {
    const { headlines, exit } = await why([CLIENT_TEXT, 'with', account], target(WORLD));
    expect(headlines).toEqual([expect.stringMatching(says)]);
    expect(exit).toBe(2);
  });
});
