import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/access/audit.ts';
import { account } from '../scenarios/accounts.ts';
import { MARIADB, MYSQL } from '../scenarios/servers.ts';
import { APP, audit, count, day, LAST, marked, reading, rowOf, use } from './audited.ts';

/** How an audit marks accounts, which are shadowed, and what changed within a week. */

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
