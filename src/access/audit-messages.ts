import { csv } from '../chat/csv.ts';
import { listing } from '../chat/listing.ts';
import { count, firstOf, listed, utc } from '../chat/lists.ts';
import { bold, type Message, type Spans, text } from '../chat/message.ts';
import { accountName } from '../hostcache/account.ts';
import { MARKS, type Mark } from './account-marks.ts';
import type { Audit, AuditRow } from './audit.ts';
import type { AccountChanges } from './changes.ts';

/** An audit in words, as rows for scripts, and as a file. */

/** What the marks say, in few words: a table has little room. */
const SAID: Readonly<Record<Mark, string>> = {
  anonymous: 'anonymous',
  'any-host': 'any host',
  'no-password-plugin': 'no password',
  'opens-host-check': 'opens host check',
  'never-matches': 'can never match',
  unused: 'unused',
  locked: 'locked',
};

/** Of an unused account that somebody tries to log in to. */
const ONLY_FAILED = 'only failed logins';

/** Characters of a time up to its minute. */
const MINUTE = '2026-11-29 14:38'.length;

/** Account names in one cell or sentence. */
const NAMED = 3;

/** `limit`: how many accounts are shown; `more`: where the others are. */
export function auditMessage(
  audit: Audit,
  gaps: readonly string[],
  readAt: Date,
  { limit, more }: { readonly limit: number; readonly more: string },
): Message {
  const { server, rows } = audit;
  return listing({
    headline: headlineOf(audit),
    notes: [...notesOf(audit), ...gaps.map((gap) => text(bold('Not known: '), gap))],
    table: {
      columns: [
        'Account',
        'Mark',
        { label: 'Logins', align: 'right' },
        { label: 'Failed', align: 'right' },
        'Last seen (UTC)',
        'From',
      ],
      rows: rows.map(cellsOf),
      limit,
      note: more,
    },
    readAt,
    again: [`audit on ${server}`, `Audit the accounts of ${server} again`],
  });
}

function headlineOf({ server, rows, more, since }: Audit): string {
  const total = count(rows.length + more, 'account');
  if (since === null) return `${server} has ${total}. Their logins are not counted.`;
  const used = rows.filter(({ lastSeenAt }) => lastSeenAt !== null).length;
  return `${server} has ${total}; ${used} logged in since ${utc(since)}.`;
}

function* notesOf(audit: Audit): Iterable<Spans> {
  const { rows, since, isWhole, unplaced, changes } = audit;
  const said = rows.flatMap(sayMarks);
  const sums = [...MARKS.map((mark) => SAID[mark]), ONLY_FAILED].flatMap((mark) => {
    const number = said.filter((each) => each === mark).length;
    return number > 0 ? [`${number} ${mark}`] : [];
  });
  const shadowed = rows.filter(({ shadowedBy }) => shadowedBy.length > 0).length;
  const all = shadowed > 0 ? [...sums, `${shadowed} shadowed`] : sums;
  if (all.length > 0) yield text(`Marked: ${all.join(', ')}.`);
  if (since !== null && !isWhole) {
    yield text('Logins can have been missed since then, so no account is called unused.');
  }
  if (rows.some(({ marks }) => marks.includes('unused'))) {
    yield text(
      'Before you drop an unused account: some jobs run once a month, and views, routines and events may run as their DEFINER.',
    );
  }
  if (unplaced.ambiguous > 0) {
    yield text(`${count(unplaced.ambiguous, 'login')} may belong to more than one account.`);
  }
  if (unplaced.strangers > 0) {
    yield text(`${count(unplaced.strangers, 'login')} failed that no account matches.`);
  }
  const changed = sayChanges(changes);
  if (changed !== null) yield text(`Within 7 days: ${changed}.`);
}

/** `added 'a'@'%'; dropped 'b'@'%'`; null = nothing changed. */
export function sayChanges(
  changes: Omit<AccountChanges, 'since' | 'newlyUnused'> & Partial<AccountChanges>,
): string | null {
  const { added, dropped, changed, newlyUnused = [] } = changes;
  const parts = Object.entries({ added, dropped, changed, 'no longer used': newlyUnused })
    .filter(([, accounts]) => accounts.length > 0)
    .map(([what, accounts]) => `${what} ${listed(accounts, NAMED)}`);
  return parts.length === 0 ? null : parts.join('; ');
}

function cellsOf(row: AuditRow): readonly string[] {
  const { account, logins, failures, lastSeenAt, clients } = row;
  return [
    accountName(account),
    sayMarks(row).join('; '),
    sayNumber(logins),
    sayNumber(failures),
    lastSeenAt === null ? '' : utc(lastSeenAt).slice(0, MINUTE),
    listed(clients, NAMED),
  ];
}

function sayNumber(number: number | null): string {
  return number === null ? '?' : String(number);
}

function sayMarks({ marks, failures, shadowedBy }: AuditRow): readonly string[] {
  const isTried = failures !== null && failures > 0;
  const shadowed = shadowedBy.length > 0 ? [`shadowed by ${listed(shadowedBy, NAMED)}`] : [];
  return [
    ...marks.map((mark) => (mark === 'unused' && isTried ? ONLY_FAILED : SAID[mark])),
    ...shadowed,
  ];
}

/** Clients of one account in a row for scripts. */
const CLIENTS = 20;

/** One object an account, as `--json` prints it. */
export function auditRows(audit: Audit, gaps: readonly string[]): readonly object[] {
  const { server, since, isWhole } = audit;
  return audit.rows.map((row) => ({
    server,
    account: accountName(row.account),
    clients: row.clients.slice(0, CLIENTS),
    clientsTotal: row.clients.length,
    logins: row.logins,
    failures: row.failures,
    since,
    lastSeenAt: row.lastSeenAt,
    shadowedBy: row.shadowedBy,
    marks: row.marks,
    covered: isWhole,
    gaps,
  }));
}

const COLUMNS = [
  ...['server', 'account', 'logins', 'failed', 'since', 'last seen'],
  ...['clients', 'shadowed by', 'marks', 'covered'],
];

/** The accounts of all these servers, for a spreadsheet. */
export function auditCsv(audits: readonly Audit[]): string {
  return csv([COLUMNS, ...audits.flatMap(csvRows)]);
}

function csvRows({ server, rows, since, isWhole }: Audit): readonly (readonly unknown[])[] {
  return rows.map(({ account, logins, failures, lastSeenAt, clients, shadowedBy, marks }) => [
    ...[server, accountName(account), logins, failures, since, lastSeenAt],
    ...[firstOf(clients, CLIENTS).join(' '), shadowedBy.join(' '), marks.join(' '), isWhole],
  ]);
}
