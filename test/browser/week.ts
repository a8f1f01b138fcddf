import { auditOf } from '../../src/access/audit.ts';
import { auditMessage } from '../../src/access/audit-messages.ts';
import type { AccessDay, AccessEvent, AccountUse } from '../../src/access/record.ts';
import { timelineOf } from '../../src/access/timeline.ts';
import { timelineMessage } from '../../src/access/timeline-message.ts';
import type { Message } from '../../src/chat/message.ts';
import type { LoginReading } from '../../src/hostcache/failures.ts';
import { account } from '../scenarios/accounts.ts';
import { addressOf } from '../scenarios/clients.ts';
import { MYSQL } from '../scenarios/servers.ts';

/** A week of a server's logins, in which the password of billing was changed, and what is said of it. */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const NOW = new Date('2026-11-29T14:10:00Z');
const STARTED = new Date('2026-11-22T00:00:00Z');
const CLIENT = '10.0.3.7';
const HOST = 'app7.example.com';

const at = (time: string) => new Date(`2026-11-29T${time}:00Z`);

/** How often it failed from one sweep to the next, from 13:05 on. */
const FAILED = [4, 18, 22, 19, 24, 21, 20, 17, 9, 3, 2];

function failed(from: Date, user: string, error: number, count: number): AccessEvent {
  const until = new Date(from.getTime() + 5 * MINUTE_MS - 1000);
  return { kind: 'failures', at: from, until, user, host: HOST, address: CLIENT, error, count };
}

const EVENTS: readonly AccessEvent[] = [
  { kind: 'account', at: at('13:04'), account: "'billing'@'10.%'", change: 'changed' },
  ...FAILED.map((count, sweep) =>
    failed(new Date(at('13:05').getTime() + sweep * 5 * MINUTE_MS), 'billing', 1045, count),
  ),
  failed(at('13:35'), 'report', 3118, 6),
  failed(at('13:40'), 'report', 3118, 5),
  { kind: 'flush', at: at('13:52'), request: 'FR-12' },
];

const use = (user: string, pattern: string, logins: number, change: Partial<AccountUse> = {}) => ({
  ...{ user, host: HOST, address: CLIENT, account: `'${user}'@'${pattern}'`, logins, failures: 0 },
  ...{ lastLoginAt: at('14:05') },
  ...change,
});

const USES: readonly AccountUse[] = [
  use('shop', '10.%', 8412),
  use('billing', '10.%', 0, { failures: 159, lastLoginAt: null }),
  use('report', '%', 0, { failures: 11, lastLoginAt: null }),
  use('backup', '10.0.9.%', 7, { host: '10.0.9.2', address: '10.0.9.2', lastLoginAt: at('03:00') }),
];

const DAYS: readonly AccessDay[] = [22, 23, 24, 25, 26, 27, 28, 29].map((date) => {
  const from = new Date(`2026-11-${date}T00:00:00Z`);
  const to = new Date(Math.min(from.getTime() + DAY_MS, at('14:05').getTime()));
  const [uses, events] = date === 29 ? [USES, EVENTS] : [[], []];
  return {
    server: 'main',
    day: `2026-11-${date}`,
    spans: [{ from, to }],
    uses,
    events,
    leftOut: 0,
  };
});

export function timeline(): Message {
  const client = { text: CLIENT, addresses: [addressOf(CLIENT)], isName: false };
  const reason = 'app7 had a wrong name';
  const flushes = [{ request: 'FR-12', at: at('13:52'), reason }];
  const found = timelineOf({ server: 'main', client, days: DAYS, flushes });
  return timelineMessage({ timeline: found, client: CLIENT, readAt: NOW, gaps: [] });
}

export function audit(): Message {
  const reading = (readAt: Date): LoginReading => ({
    ...{ readAt, startedAt: STARTED, failures: [], logins: [] },
  });
  const rows = [
    account('shop', '10.%'),
    account('shop', '%'),
    account('billing', '10.%'),
    account('report', '%', { locked: true }),
    account('backup', '10.0.9.%'),
    account('', 'localhost'),
    account('legacy', 'old.example.com'),
  ];
  const counters = { last: reading(at('14:05')), now: reading(NOW), upSince: STARTED, lost: 0 };
  const facts = { settings: MYSQL, accounts: { rows, more: 0 }, days: DAYS, counters };
  const clients = [{ address: CLIENT, name: HOST }];
  const found = auditOf({ server: 'main', ...facts, knowsFailures: true, clients });
  return auditMessage(found, [], NOW, { limit: 15, more: 'in the CSV file' });
}
