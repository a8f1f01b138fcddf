// Reads who connected to one server and who failed to, by login name and host. Does I/O.
import {
  LOGIN_ERRORS,
  type LoginCount,
  type LoginCounts,
  type LoginFailure,
} from '../../hostcache/failures.ts';
import type { Fields, RowReader } from './answer.ts';
import { toDate } from './entry.ts';
import type { Link } from './link.ts';

/** Reads one row for each error, without a scan: which errors were raised at all. */
const RAISED = `SELECT ERROR_NUMBER, SUM_ERROR_RAISED, FIRST_SEEN, LAST_SEEN
  FROM performance_schema.events_errors_summary_global_by_error
  WHERE ERROR_NUMBER IN (?) AND SUM_ERROR_RAISED > 0`;

/** The server counts these for no host, so its totals are all that is known. */
const HOSTLESS: readonly number[] = [1129, 1130];

/**
 * By index: from each account to its row of each raised error. A condition on HOST alone, or `<=>`,
 * scans the summary, which has a row for each account and each error of the release (over 5,000).
 * A WITH that is named twice is read once.
 */
function failuresSql(numbers: readonly number[], hosts: string): string {
  const list = numbers.map((number) => `SELECT ${number} AS number`).join(' UNION ALL ');
  const half = (user: string) => `SELECT STRAIGHT_JOIN s.USER, s.HOST, s.ERROR_NUMBER,
      s.SUM_ERROR_RAISED, s.FIRST_SEEN, s.LAST_SEEN
    FROM known a JOIN (${list}) n
    JOIN performance_schema.events_errors_summary_by_account_by_error s
      ON ${user} AND s.HOST = a.HOST AND s.ERROR_NUMBER = n.number
    WHERE s.SUM_ERROR_RAISED > 0`;
  return `WITH known AS (SELECT USER, HOST FROM performance_schema.accounts WHERE ${hosts})
    ${half('s.USER = a.USER')} UNION ALL ${half('a.USER IS NULL AND s.USER IS NULL')}
    ORDER BY LAST_SEEN DESC, HOST, USER, ERROR_NUMBER`;
}

/** The event scheduler is a thread of the server, not a client. */
const LOGINS = `SELECT USER, HOST, TOTAL_CONNECTIONS, CURRENT_CONNECTIONS
  FROM performance_schema.accounts
  WHERE HOST IS NOT NULL AND NOT (USER <=> 'event_scheduler' AND HOST = 'localhost')`;

/** The reading account's own connections are not the client's. */
const LOGINS_OF = `${LOGINS} AND HOST IN (?) AND (USER IS NULL
  OR NOT (CONCAT(USER, '@', HOST) = USER()))`;

const LOST = `SHOW GLOBAL STATUS WHERE Variable_name IN
  ('Performance_schema_accounts_lost', 'Performance_schema_hosts_lost')`;

export async function readFailures(
  link: Link,
  hosts: readonly string[] | null,
): Promise<readonly LoginFailure[]> {
  const raised = (await link.ask(RAISED, [[...LOGIN_ERRORS.keys()]])).map(toFailure);
  const numbers = raised.map(({ error }) => error).filter((error) => !HOSTLESS.includes(error));
  const sql = failuresSql(numbers, hosts === null ? 'HOST IS NOT NULL' : 'HOST IN (?)');
  const rows = numbers.length === 0 ? [] : await link.ask(sql, hosts === null ? [] : [hosts]);
  const hostless = raised.filter(({ error }) => HOSTLESS.includes(error));
  return [...hostless, ...rows.map(toFailure)];
}

export async function readLogins(
  link: Link,
  hosts: readonly string[] | null,
): Promise<LoginCounts> {
  const [counts, lost] = await Promise.all([
    hosts === null
      ? link.readRows(LOGINS, toCounts)
      : link.readRows(LOGINS_OF, toCounts, { values: [hosts] }),
    link.ask(LOST),
  ]);
  return { counts, lost: lost.reduce((sum, row) => sum + Number(row['Value']), 0) };
}

function toFailure(row: Fields): LoginFailure {
  return {
    user: toText(row['USER']),
    host: toText(row['HOST']),
    error: Number(row['ERROR_NUMBER']),
    count: Number(row['SUM_ERROR_RAISED']),
    firstAt: toDate(row['FIRST_SEEN']),
    lastAt: toDate(row['LAST_SEEN']),
  };
}

/** In the order of the columns above: a busy server has tens of thousands. */
function toCounts(): RowReader<readonly LoginCount[]> {
  const counts: LoginCount[] = [];
  return {
    add: ([user, host, connections, open]) =>
      counts.push({
        user: toText(user),
        host: String(host),
        connections: Number(connections),
        open: Number(open),
      }),
    end: () => counts,
  };
}

function toText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
