import { describe, expect, it } from 'vitest';
import { account, BY_ADDRESS, JDOE, ROLE } from '../scenarios/accounts.ts';
import { entry } from '../scenarios/entries.ts';
import { CLIENT_TEXT, DOWN, target, why } from './ask.ts';

/** What a server does not tell is a gap, and never an answer. */

describe('what could not be read', () => {
  const OUTCOMES = ['mysql.user', 'the cache', 'the settings', 'all'] as const;
  const unreadable = {
    'mysql.user': { accounts: DOWN },
    'the cache': { entry: DOWN },
    'the settings': { settings: DOWN },
    all: { all: DOWN },
  };

  it.each(OUTCOMES)('is never called refused or well: %s', async (what) => {
    for (const accounts of [[], [JDOE], [ROLE], [account('app', '10.%')]]) {
      for (const line of [CLIENT_TEXT, `${CLIENT_TEXT} as jdoe`, `${CLIENT_TEXT} as ghost`]) {
        const world = { entries: [entry()], accounts, unreadable: unreadable[what] };
        const { rows, exit, headlines } = await why(line, target(world));
        expect(rows[0]).toMatchObject({
          now: { outcome: 'unknown', error: null },
          flush: 'unknown',
        });
        expect(exit).toBe(3);
        expect(headlines.join()).toMatch(/could not be checked/);
      }
    }
  });

  it('is reported once, whatever depends on it', async () => {
    const { rows } = await why(CLIENT_TEXT, target({ unreadable: { all: DOWN } }));
    expect(rows[0]?.['gaps']).toEqual([DOWN]);
  });

  it('is no gap where no outcome rests on it', async () => {
    const world = {
      accounts: [BY_ADDRESS],
      unreadable: { activity: DOWN, rejectedName: DOWN, entryCount: DOWN },
    };
    expect((await why(CLIENT_TEXT, target(world))).rows[0]?.['gaps']).toEqual([]);
  });

  it('is not never-seen', async () => {
    const { rows } = await why(
      CLIENT_TEXT,
      target({ accounts: [BY_ADDRESS], unreadable: { entry: DOWN } }),
    );
    expect(JSON.stringify(rows[0]?.['findings'])).not.toContain('never-seen');
    expect(rows[0]?.['cached']).toBeNull();
  });

  it('a bug stays a bug', async () => {
    const { server, resolver } = target({});
    const settings = () => Promise.reject(new TypeError('x is not a function'));
    await expect(why(CLIENT_TEXT, { resolver, server: { ...server, settings } })).rejects.toThrow(
      TypeError,
    );
  });
});
