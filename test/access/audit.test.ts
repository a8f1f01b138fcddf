import { describe, expect, it } from 'vitest';
import { type Audit, type AuditFacts, auditOf } from '../../src/access/audit.ts';
import type { AccessDay, AccountUse } from '../../src/access/record.ts';
import type { LoginCount, LoginFailure, LoginReading } from '../../src/hostcache/failures.ts';
import { account, ROLE } from '../scenarios/accounts.ts';
import { MARIADB, MYSQL } from '../scenarios/servers.ts';

/** What an audit says of accounts, from the record of sweeps and the server's counters. */

const NOW = new Date('2026-11-29T12:00:00Z');
const STARTED = new Date('2026-11-01T08:00:00Z');
const APP = account('app', '192.0.2.%');
const OLD = account('old', '%');

const count = (user: string, host: string, connections: number, open = 0): LoginCount => ({
  ...{ user, host, connections, open },
});

const failure = (user: string, host: string, times: number, error = 1045): LoginFailure => ({
  ...{ user, host, error, count: times, firstAt: NOW, lastAt: NOW },
});

const reading = (change: Partial<LoginReading> = {}): LoginReading => ({
  ...{ readAt: NOW, startedAt: STARTED, failures: [], logins: [] },
  ...change,
});

const use = (change: Partial<AccountUse>): AccountUse => ({
  ...{ user: 'app', host: '192.0.2.7', address: '192.0.2.7', account: "'app'@'192.0.2.%'" },
  ...{ logins: 1, failures: 0, lastLoginAt: null },
  ...change,
});

/** The day of this date, seen from its first to its last minute. */
function day(date: string, change: Partial<AccessDay> = {}): AccessDay {
  const from = new Date(`${date}T00:00:00Z`);
  const to = new Date(Math.min(from.getTime() + 86_400_000, YESTERNOON.getTime()));
  return {
    ...{ server: 'main', day: date, spans: [{ from, to }], uses: [], events: [], leftOut: 0 },
    ...change,
  };
}

/** The last reading of the sweeps. */
const YESTERNOON = new Date('2026-11-28T12:00:00Z');
const LAST = reading({ readAt: YESTERNOON });

function audit(change: Partial<AuditFacts> & { readonly now?: Partial<LoginReading> }): Audit {
  const { now = {}, ...facts } = change;
  return auditOf({
    ...{ server: 'main', settings: MYSQL, accounts: { rows: [APP, OLD], more: 0 }, days: [] },
    counters: { last: null, now: reading(now), upSince: STARTED, lost: 0 },
    ...{ knowsFailures: true, clients: [] },
    ...facts,
  });
}

/** `'app'@'%': marks`, in the order of the audit. */
function marked({ rows }: Audit): readonly string[] {
  return rows.map(({ account: { user, host }, marks }) => `${user}@${host} ${marks.join(' ')}`);
}

const rowOf = ({ rows }: Audit, user: string) =>
  rows.find(({ account: each }) => each.user === user);

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

describe('marks', () => {
  it.each([
    { marks: 'anonymous unused', row: account('', '10.%') },
    { marks: 'any-host unused', row: account('a', '') },
    { marks: 'any-host opens-host-check unused locked', row: account('a', '%', { locked: true }) },
    { marks: 'never-matches unused', row: account('a', '2001:DB8::5') },
    { marks: 'never-matches unused', row: account('a', '10.1.2.3/24') },
    {
      marks: 'no-password-plugin unused',
      row: account('a', 'x.example.com', { plugin: 'auth_socket' }),
    },
    { marks: 'unused locked', row: account('a', '10.%', { locked: true }) },
    { marks: 'unused', row: account('a', '10.%', { locked: null, plugin: null }) },
  ])('$row.host $row.plugin: $marks', ({ marks, row }) => {
    expect(audit({ accounts: { rows: [row], more: 0 } }).rows[0]?.marks.join(' ')).toBe(marks);
  });

  it.each([
    { settings: { ...MYSQL, skipNameResolve: true }, marks: 'never-matches unused' },
    { settings: MYSQL, marks: 'unused' },
    { settings: { ...MYSQL, plugins: ['sha256_password'] }, marks: 'no-password-plugin unused' },
  ])('depend on the settings: $marks', ({ settings, marks }) => {
    const rows = [account('a', '%.example.com')];
    expect(audit({ settings, accounts: { rows, more: 0 } }).rows[0]?.marks.join(' ')).toBe(marks);
  });

  it('leave out the roles of MariaDB, which no client logs in to', () => {
    const rows = [account('r', '', { isRole: true }), APP];
    const result = audit({ settings: MARIADB, accounts: { rows, more: 0 }, knowsFailures: false });
    expect(marked(result)).toEqual(['app@192.0.2.% unused']);
    expect(result.rows[0]).toMatchObject({ logins: 0, failures: null });
  });
});

describe('an account is shadowed', () => {
  const WIDE = account('app', '%');
  const shadows = (result: Audit, host: string) =>
    result.rows.find(({ account: each }) => each.host === host)?.shadowedBy;
  const both = { accounts: { rows: [APP, WIDE], more: 0 } };

  it.each([
    {
      name: 'by the account that every client gets',
      hosts: ['192.0.2.7', '192.0.2.8'],
      by: ["'app'@'192.0.2.%'"],
    },
    { name: 'not if some client gets it', hosts: ['192.0.2.7', '198.51.100.7'], by: [] },
  ])('$name', ({ hosts, by }) => {
    const logins = hosts.map((host) => count('app', host, 1));
    const result = audit({
      ...both,
      now: { logins: [...logins, count('shop', '203.0.113.1', 1)] },
    });
    expect(shadows(result, '%')).toEqual(by);
    expect(shadows(result, '192.0.2.%')).toEqual([]);
  });

  it('by what every client would get, if its name was never used', () => {
    const clients = [{ address: '192.0.2.7', name: null }];
    expect(shadows(audit({ ...both, clients }), '%')).toEqual(["'app'@'192.0.2.%'"]);
    expect(shadows(audit(both), '%')).toEqual([]);
  });

  it('by an anonymous account too', () => {
    const rows = [account('', '192.0.2.7'), WIDE];
    const now = { logins: [count('app', '192.0.2.7', 1)] };
    const result = audit({ accounts: { rows, more: 0 }, now });
    expect(shadows(result, '%')).toEqual(["''@'192.0.2.7'"]);
    expect(rowOf(result, '')).toMatchObject({ logins: 1, shadowedBy: [] });
  });
});

describe('within a week', () => {
  const week = ['22', '23', '24', '25', '26', '27', '28'].map((date) => day(`2026-11-${date}`));
  const startedAt = new Date('2026-11-24T06:00:00Z');
  const counters = {
    last: { ...LAST, startedAt },
    now: reading({ startedAt }),
    ...{ upSince: startedAt, lost: 0 },
  };
  const seen = day('2026-11-21', {
    uses: [use({ lastLoginAt: new Date('2026-11-21T09:00:00Z') })],
  });

  it('accounts are newly unused, if no login was missed', () => {
    expect(audit({ days: [seen, ...week], counters }).changes.newlyUnused).toEqual([
      "'app'@'192.0.2.%'",
    ]);
    expect(audit({ days: [seen, ...week.slice(2)], counters }).changes.newlyUnused).toEqual([]);
  });

  it('accounts came, went and changed', () => {
    const at = new Date('2026-11-25T10:00:00Z');
    const event = (name: string, change: 'added' | 'dropped' | 'changed') =>
      ({ kind: 'account', at, account: name, change }) as const;
    const events = [
      ...[event('new', 'added'), event('new', 'changed'), event('gone', 'dropped')],
      ...[event('again', 'dropped'), event('again', 'added')],
      ...[event('brief', 'added'), event('brief', 'dropped')],
    ];
    const { changes } = audit({ days: [day('2026-11-25', { events })], counters });
    expect(changes).toMatchObject({ added: ['new'], dropped: ['gone'], changed: ['again'] });
  });
});
