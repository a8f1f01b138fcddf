import { groupBy, listed, times, utc } from '../../chat/lists.ts';
import { HANDSHAKE_ERROR, isConnection, type LoginFailure } from '../../hostcache/failures.ts';
import type { Evidence } from '../evidence.ts';
import { askedFailures, goodLogins, sumOf } from '../failed-logins.ts';
import { remediesOf, sayError, sayUser } from '../login-errors.ts';
import { proberOf } from '../prober-text.ts';
import { createRule, type Severity } from '../rule.ts';

/** Who fails to log in from a client, which the host cache counts by the address alone. */

const USERS_SHOWN = 8;
const GOOD_SHOWN = 3;

/** Fewer may be typing errors, and older ones may be corrected. */
const FAILING = { times: 3, withinMs: 3_600_000 };

/** One login name, or a login without one (null), and its failures, newest first. */
interface FailingUser {
  readonly user: string | null;
  readonly rows: readonly LoginFailure[];
}

export const failingLogin = createRule('failing-login', {
  find: ({ evidence }) => {
    const users = failingUsers(evidence);
    return users.length === 0 ? null : users;
  },
  explain: (users, { evidence }) => {
    const [first] = users;
    const rows = users.flatMap((each) => each.rows);
    const names = users.map(({ user }) => sayUser(user));
    const one = `${sayUser(first?.user ?? null)} fails to log in from here (${numbersOf(rows)})`;
    const named = users.slice(0, USERS_SHOWN);
    const left = users.length - named.length;
    const prober = proberOf(evidence, 'login');
    const others = rows.filter((row) => prober?.explains(row) !== true);
    return {
      severity: severityOf(users, evidence.readAt),
      title:
        users.length === 1
          ? one
          : `${users.length} users fail to log in from here: ${listed(names, GOOD_SHOWN)}`,
      cause: [
        ...named.map(({ user, rows: own }) => `${sayUser(user)}: ${own.map(sayRow).join('; ')}.`),
        ...(left === 0 ? [] : [`${left} more ${left === 1 ? 'user fails' : 'users fail'}.`]),
        ...sayGood(evidence, users),
        ...(prober === null ? [] : [prober.cause]),
      ].join(' '),
      remedy: [
        ...(prober === null ? [] : [prober.remedy]),
        remediesOf(others.map(({ error }) => error)),
      ]
        .join(' ')
        .trim(),
    };
  },
});

/** The user of the latest failure comes first. */
function failingUsers(evidence: Evidence): readonly FailingUser[] {
  const rows = askedFailures(evidence).filter(isOfLogin);
  const groups = groupBy(rows, ({ user }) => JSON.stringify(user));
  return Array.from(groups.values(), (own) => ({
    user: own[0]?.user ?? null,
    rows: withoutRepeats(own),
  }));
}

/** Connections that ended before a name came are told by handshake-errors. */
function isOfLogin(row: LoginFailure): boolean {
  return row.user !== null || (isConnection(row) && row.error !== HANDSHAKE_ERROR);
}

/** Each broken handshake has a 1043, and most have an error that says how it broke. */
function withoutRepeats(rows: readonly LoginFailure[]): readonly LoginFailure[] {
  const explained = rows.filter((row) => !isConnection(row));
  const isTold = sumOf(rows, HANDSHAKE_ERROR) <= explained.reduce((sum, row) => sum + row.count, 0);
  return isTold ? rows.filter(({ error }) => error !== HANDSHAKE_ERROR) : rows;
}

function severityOf(users: readonly FailingUser[], readAt: Date): Severity {
  const isFrequent = (row: LoginFailure) =>
    row.count >= FAILING.times &&
    row.lastAt !== null &&
    readAt.getTime() - row.lastAt.getTime() <= FAILING.withinMs;
  return users.some(({ rows }) => rows.some(isFrequent)) ? 'degraded' : 'note';
}

function sayRow({ error, count: number, firstAt, lastAt }: LoginFailure): string {
  const first = number === 1 || firstAt === null ? '' : `first ${utc(firstAt)}, `;
  const last = lastAt === null ? '' : `, ${first}${number === 1 ? '' : 'last '}${utc(lastAt)}`;
  return `${sayError(error)} ${times(number)}${last}`;
}

function numbersOf(rows: readonly LoginFailure[]): string {
  return listed([...new Set(rows.map(({ error }) => String(error)))], GOOD_SHOWN);
}

/** Whether others log in from the same client tells a client from its address. */
function sayGood(evidence: Evidence, users: readonly FailingUser[]): readonly string[] {
  const good = goodLogins(evidence);
  if (good === null) return [];
  const failing = new Set(users.map(({ user }) => user));
  const others = good.filter(({ user }) => !failing.has(user));
  const names = others.map((login) => `${sayUser(login.user)} (${times(login.times)})`);
  const own = good.filter(({ user }) => failing.has(user));
  const ownNames = own.map((login) => `${sayUser(login.user)} (${times(login.times)})`);
  return [
    ...(own.length === 0
      ? []
      : [`Other logins of the same name succeeded: ${listed(ownNames, GOOD_SHOWN)}.`]),
    ...(others.length === 0
      ? []
      : [
          `${listed(names, GOOD_SHOWN)} logged in well from here: one client behind this address fails, not the address.`,
        ]),
    'Counted since the server started.',
  ];
}
