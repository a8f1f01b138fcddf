import { type Audit, type AuditFacts, auditOf } from '../../src/access/audit.ts';
import type { AccessDay, AccountUse } from '../../src/access/record.ts';
import type { LoginCount, LoginFailure, LoginReading } from '../../src/hostcache/failures.ts';
import { account } from '../scenarios/accounts.ts';
import { MYSQL } from '../scenarios/servers.ts';

/** Facts for audits: two accounts, a day's record, a reading. */

export const NOW = new Date('2026-11-29T12:00:00Z');
export const STARTED = new Date('2026-11-01T08:00:00Z');
export const APP = account('app', '192.0.2.%');
export const OLD = account('old', '%');

export const count = (user: string, host: string, connections: number, open = 0): LoginCount => ({
  ...{ user, host, connections, open },
});

export const failure = (user: string, host: string, times: number, error = 1045): LoginFailure => ({
  ...{ user, host, error, count: times, firstAt: NOW, lastAt: NOW },
});

export const reading = (change: Partial<LoginReading> = {}): LoginReading => ({
  ...{ readAt: NOW, startedAt: STARTED, failures: [], logins: [] },
  ...change,
});

export const use = (change: Partial<AccountUse>): AccountUse => ({
  ...{ user: 'app', host: '192.0.2.7', address: '192.0.2.7', account: "'app'@'192.0.2.%'" },
  ...{ logins: 1, failures: 0, lastLoginAt: null },
  ...change,
});

/** The day of this date, seen from its first to its last minute. */
export function day(date: string, change: Partial<AccessDay> = {}): AccessDay {
  const from = new Date(`${date}T00:00:00Z`);
  const to = new Date(Math.min(from.getTime() + 86_400_000, YESTERNOON.getTime()));
  return {
    ...{ server: 'main', day: date, spans: [{ from, to }], uses: [], events: [], leftOut: 0 },
    ...change,
  };
}

/** The last reading of the sweeps. */
export const YESTERNOON = new Date('2026-11-28T12:00:00Z');
export const LAST = reading({ readAt: YESTERNOON });

export function audit(
  change: Partial<AuditFacts> & { readonly now?: Partial<LoginReading> },
): Audit {
  const { now = {}, ...facts } = change;
  return auditOf({
    ...{ server: 'main', settings: MYSQL, accounts: { rows: [APP, OLD], more: 0 }, days: [] },
    counters: { last: null, now: reading(now), upSince: STARTED, lost: 0 },
    ...{ knowsFailures: true, clients: [] },
    ...facts,
  });
}

/** `'app'@'%': marks`, in the order of the audit. */
export function marked({ rows }: Audit): readonly string[] {
  return rows.map(({ account: { user, host }, marks }) => `${user}@${host} ${marks.join(' ')}`);
}

export const rowOf = ({ rows }: Audit, user: string) =>
  rows.find(({ account: each }) => each.user === user);
