import { describe, expect, it } from 'vitest';
import type { Audit, AuditFacts } from '../../src/access/audit.ts';
import { account, ROLE } from '../scenarios/accounts.ts';
import {
  APP,
  audit,
  count,
  day,
  failure,
  LAST,
  marked,
  NOW,
  OLD,
  reading,
  rowOf,
  STARTED,
  use,
  YESTERNOON,
} from './audited.ts';

/** Which logins an audit counts to an account, and when it calls one unused. */

describe('logins', () => {
  it('are counted to the account that the server chose, without those that failed', () => {
    const logins = [count('app', '192.0.2.7', 9, 2), count('app', '192.0.2.8', 3)];
    const failures = [failure('app', '192.0.2.8', 1), failure('ghost', '192.0.2.8', 5)];
    const result = audit({ now: { logins, failures } });
    expect(rowOf(result, 'app')).toMatchObject({
      ...{ logins: 11, failures: 1, lastSeenAt: NOW, clients: ['192.0.2.7', '192.0.2.8'] },
    });
    expect(result).toMatchObject({ since: STARTED, isWhole: true, unplaced: { strangers: 0 } });
    expect(marked(result)).toEqual(['old@% any-host unused', 'app@192.0.2.% ']);
  });

  it('of strangers are counted apart', () => {
    const now = {
      logins: [count('ghost', '192.0.2.8', 5)],
      failures: [failure('ghost', '192.0.2.8', 5)],
    };
    expect(audit({ now }).unplaced).toEqual({ ambiguous: 0, strangers: 5 });
  });

  it('that the sweeps remember are added, and none is counted twice', () => {
    const last = { ...LAST, logins: [count('app', '192.0.2.7', 9)] };
    const uses = [use({ logins: 9, failures: 2, lastLoginAt: new Date('2026-11-28T11:00:00Z') })];
    const facts = { days: [day('2026-11-28', { uses })] };
    const quiet = reading({ logins: [count('app', '192.0.2.7', 9)] });
    const before = audit({ ...facts, counters: { last, now: quiet, upSince: STARTED, lost: 0 } });
    expect(rowOf(before, 'app')).toMatchObject({ logins: 9, failures: 2 });
    expect(rowOf(before, 'app')?.lastSeenAt).toEqual(uses[0]?.lastLoginAt);
    const busy = reading({ logins: [count('app', '192.0.2.7', 11)] });
    const after = audit({ ...facts, counters: { last, now: busy, upSince: STARTED, lost: 0 } });
    expect(rowOf(after, 'app')).toMatchObject({ logins: 11, failures: 2, lastSeenAt: NOW });
  });

  it('after a restart are all new', () => {
    const last = { ...LAST, logins: [count('app', '192.0.2.7', 9)] };
    const startedAt = new Date('2026-11-29T08:00:00Z');
    const now = reading({ startedAt, logins: [count('app', '192.0.2.7', 4)] });
    const days = [day('2026-11-28', { uses: [use({ logins: 9 })] })];
    const result = audit({ days, counters: { last, now, upSince: startedAt, lost: 0 } });
    expect(rowOf(result, 'app')).toMatchObject({ logins: 13 });
    expect(result).toMatchObject({ isWhole: false, wholeSince: startedAt });
    expect(marked(result)).toEqual(['old@% any-host', 'app@192.0.2.% ']);
  });

  it('by the address that a name had are counted after a flush too', () => {
    const rows = [account('app', '192.0.2.7'), account('app', '%.example.com')];
    const now = { logins: [count('app', 'app7.example.com', 3)] };
    const days = [day('2026-11-28', { uses: [use({ host: 'app7.example.com', account: null })] })];
    const accounts = { rows, more: 0 };
    expect(audit({ accounts, days, now }).unplaced.ambiguous).toBe(0);
    const unknown = audit({ accounts, now });
    expect(unknown.unplaced.ambiguous).toBe(3);
    expect(marked(unknown).filter((line) => line.includes('unused'))).toEqual([]);
  });
});

describe('an account is called unused', () => {
  const unusedOf = (result: Audit) => marked(result).filter((line) => line.includes('unused'));
  const logins = [count('app', '192.0.2.7', 9)];
  const now = reading({ logins });
  const whole = { last: null, now, upSince: STARTED, lost: 0 };
  /** Of a run of the server that began within the record. */
  const LATE = new Date('2026-11-28T00:00:00Z');
  const late = {
    last: { ...LAST, startedAt: LATE },
    now: { ...now, startedAt: LATE },
    ...{ upSince: LATE, lost: 0 },
  };
  const [SAT, FRI, THU] = [day('2026-11-28'), day('2026-11-27'), day('2026-11-26')];
  const more = { rows: [APP, OLD], more: 1 };
  const emptied = { ...LAST, logins: [count('app', '192.0.2.7', 10)] };
  const open = reading({ logins: [...logins, count('old', '192.0.2.7', 0, 1)] });

  it.each<{ name: string; facts: Partial<AuditFacts>; is: number }>([
    { name: 'if no login was missed', facts: { counters: whole }, is: 1 },
    { name: 'not while a session is open', facts: { counters: { ...whole, now: open } }, is: 0 },
    {
      name: 'not if logins are not counted',
      facts: { counters: { ...whole, now: reading({ logins: null }) } },
      is: 0,
    },
    {
      name: 'not if the server had no room for all logins',
      facts: { counters: { ...whole, lost: 1 } },
      is: 0,
    },
    { name: 'not if accounts were not read', facts: { counters: whole, accounts: more }, is: 0 },
    { name: 'if the days touch', facts: { days: [FRI, SAT], counters: late }, is: 1 },
    { name: 'not if a day is missing', facts: { days: [THU, SAT], counters: late }, is: 0 },
    {
      name: 'if a day is missing and the server counted on',
      facts: { days: [THU, SAT], counters: { ...whole, last: LAST } },
      is: 1,
    },
    {
      name: 'not if a day was full',
      facts: { days: [FRI, { ...SAT, leftOut: 1 }], counters: late },
      is: 0,
    },
    {
      name: 'not if the counters were reset',
      facts: { days: [SAT], counters: { ...whole, last: emptied } },
      is: 0,
    },
  ])('$name', ({ facts, is }) => {
    expect(unusedOf(audit(facts))).toHaveLength(is);
  });

  it('not if it logged in before the first sweep, and counts these logins', () => {
    const old = reading({ logins: [count('old', '198.51.100.7', 4)] });
    const last = { ...old, readAt: YESTERNOON };
    const result = audit({ days: [SAT], counters: { ...whole, last, now: old } });
    expect(rowOf(result, 'old')).toMatchObject({ logins: 4, lastSeenAt: SAT?.spans[0]?.from });
    expect(result.since).toEqual(STARTED);
  });

  it('not if it is a role, or of the server itself', () => {
    const rows = [ROLE, account('mysql.sys', 'localhost', { locked: true })];
    const result = audit({ accounts: { rows, more: 0 }, counters: whole });
    expect(marked(result)).toEqual([
      'app_read@% opens-host-check locked',
      'mysql.sys@localhost locked',
    ]);
  });
});
