import { times } from '../../chat/lists.ts';
import { counter, DNS_FAILURES, type HostCacheEntry, NULL_CAUSES } from '../../hostcache/entry.ts';
import { releaseOf } from '../../hostcache/release.ts';
import type { Evidence } from '../evidence.ts';
import { askedFailures, firstOf, sumOf } from '../failed-logins.ts';
import {
  type Case,
  counterOf,
  createRule,
  entryOf,
  type Finding,
  type Rule,
  type RuleId,
  type Severity,
  settingsOf,
  since,
} from '../rule.ts';
import { chosenAccountRules } from './chosen-account.ts';
import { handshakeErrors } from './handshakes.ts';

/** A rule about counters above 0: totals since the entry was made, which say nothing of the present. */
export interface CounterRow {
  readonly rule: RuleId;
  readonly columns: readonly string[];
  /** The same in the server's record of logins, for a client that the cache does not know. */
  readonly errors?: readonly number[];
  /** Without it: a note. */
  readonly severity?: (entry: HostCacheEntry) => Severity;
  readonly title: string;
  readonly remedy: string;
  /** What it also counts on this release; empty = nothing. */
  readonly also?: (subject: Case) => string;
}

const TABLE: readonly CounterRow[] = [
  {
    rule: 'wrong-password',
    columns: ['COUNT_AUTHENTICATION_ERRORS', 'COUNT_AUTH_PLUGIN_ERRORS'],
    errors: [1045, 1698, 1862],
    title: 'Authentication was refused (1045)',
    remedy:
      'The password is wrong or was changed, or the account does not exist for this host; the two counters do not distinguish these. This never blocks a host, and a flush does nothing.',
    also: (subject) =>
      hidesTemporaryLocks(subject)
        ? ' COUNT_AUTH_PLUGIN_ERRORS also counts logins to an account that is locked after failed ones (3955): wait, or ALTER USER … ACCOUNT UNLOCK.'
        : '',
  },
  {
    rule: 'account-locked',
    columns: ['COUNT_ACCOUNT_LOCKED_ERRORS', 'COUNT_TEMPORARY_ACCOUNT_LOCKED_ERRORS'],
    errors: [3118, 3955],
    title: 'Logins to a locked account were refused (3118, 3955)',
    remedy:
      'Find out who guessed the password, then ALTER USER … ACCOUNT UNLOCK. A flush does nothing.',
  },
  {
    rule: 'tls-required',
    columns: ['COUNT_SSL_ERRORS'],
    errors: [3159],
    title:
      'Logins without the TLS that the account or the server requires were refused (1045, 3159)',
    remedy: 'Turn TLS on in the client, with the certificate that the account requires.',
  },
  {
    rule: 'plugin-missing',
    columns: ['COUNT_NO_AUTH_PLUGIN_ERRORS'],
    errors: [1524],
    title: 'The account uses an authentication plugin that is not loaded (1524)',
    remedy: 'Move the account to a plugin that this version has, such as caching_sha2_password.',
  },
  {
    rule: 'user-limits',
    columns: ['COUNT_MAX_USER_CONNECTIONS_ERRORS', 'COUNT_MAX_USER_CONNECTIONS_PER_HOUR_ERRORS'],
    errors: [1203, 1226],
    title: "An account's connection limit was reached (1226, 1203)",
    remedy: 'Raise the limit of the account, or find the pool that leaks connections.',
  },
  {
    rule: 'proxy-user',
    columns: ['COUNT_PROXY_USER_ERRORS', 'COUNT_PROXY_USER_ACL_ERRORS'],
    title: 'A proxy login failed: no PROXY grant, or the proxied account does not exist',
    remedy: 'Check GRANT PROXY for this account, and that the proxied account exists.',
  },
  {
    rule: 'default-database',
    columns: ['COUNT_DEFAULT_DATABASE_ERRORS'],
    errors: [1044, 1049],
    title: 'The database named at login is missing or denied (1044, 1049)',
    remedy: "Correct the database in the client's settings, or grant it.",
  },
  {
    rule: 'init-connect',
    columns: ['COUNT_INIT_CONNECT_ERRORS'],
    errors: [1184],
    title: 'init_connect failed after login (1184)',
    remedy: 'Correct the init_connect variable; it fails for every ordinary account.',
  },
  {
    rule: 'local-errors',
    columns: ['COUNT_LOCAL_ERRORS'],
    title: 'The server itself failed while it admitted the client',
    remedy: "Check the server's memory and error log.",
  },
];

/** Columns that other rules explain, or that only repeat their findings. */
const EXPLAINED_ELSEWHERE: readonly string[] = [
  'COUNT_HANDSHAKE_ERRORS',
  'COUNT_HOST_BLOCKED_ERRORS',
  ...Object.values(NULL_CAUSES),
  ...Object.values(DNS_FAILURES),
  'COUNT_FORMAT_ERRORS',
  'COUNT_HOST_ACL_ERRORS',
];

const KNOWN_COLUMNS = new Set([...TABLE.flatMap(({ columns }) => columns), ...EXPLAINED_ELSEWHERE]);

/** Columns of newer servers are reported by name, never dropped. */
const unknownErrors = createRule('unknown-errors', {
  find: (subject) => {
    const counters = Object.entries(entryOf(subject)?.counters ?? {});
    const unknown = counters.filter(([column, count]) => count > 0 && !KNOWN_COLUMNS.has(column));
    return unknown.length === 0 ? null : unknown;
  },
  explain: (unknown) => ({
    severity: 'note',
    title: 'The server counted errors of a kind that hostcache does not know',
    cause: unknown.map(([column, count]) => `${column} ${count}`).join(', '),
    remedy: "Look the column up in this version's manual.",
  }),
});

export const counterRules: readonly Rule[] = [
  handshakeErrors,
  ...TABLE.map((row) =>
    anyOf(row.rule, createCounterRule(row, ownCountOf), createFailureRule(row)),
  ),
  unknownErrors,
];

/** The first that applies. A rule of the same id on the chosen account is surer than a total. */
function anyOf(id: RuleId, ...totals: readonly Rule[]): Rule {
  const all = [...chosenAccountRules.filter((rule) => rule.id === id), ...totals];
  return {
    id,
    examine: (subject) =>
      all.reduce<Finding | null>((found, { examine }) => found ?? examine(subject), null),
  };
}

export function createCounterRule(
  { rule, columns, severity, title, remedy, also }: CounterRow,
  countOf: (subject: Case, column: string) => number,
): Rule {
  return createRule(rule, {
    find: (subject) => {
      const counts = columns
        .map((column) => ({ column, count: countOf(subject, column) }))
        .filter(({ count }) => count > 0);
      const entry = entryOf(subject);
      return counts.length === 0 || entry === null ? null : { counts, entry };
    },
    explain: ({ counts, entry }, subject) => ({
      severity: severity?.(entry) ?? 'note',
      title,
      cause: `${counts.map(({ column, count }) => `${times(count)} (${column})`).join(', ')}${since(entry.firstSeenAt)}, in total.`,
      remedy: `${remedy}${also?.(subject) ?? ''}`,
    }),
  });
}

/** From the server's record of logins, which a flush leaves and skip_name_resolve does not stop. */
function createFailureRule({ rule, errors = [], title, remedy }: CounterRow): Rule {
  return createRule(rule, {
    find: ({ evidence }) => {
      const rows = askedFailures(evidence).filter(({ error }) => errors.includes(error));
      return sumOf(rows, ...errors) > countedElsewhere(rule, evidence) ? rows : null;
    },
    explain: (rows) => ({
      severity: 'note',
      title,
      cause: `${errors
        .filter((error) => sumOf(rows, error) > 0)
        .map((error) => `${times(sumOf(rows, error))} (${error})`)
        .join(', ')}${since(firstOf(rows))}, in total.`,
      remedy,
    }),
  });
}

/** A login without the TLS of its account is a 1045 too, and has a counter of its own. */
function countedElsewhere(rule: RuleId, { entry }: Evidence): number {
  const cached = entry.known ? entry.value : null;
  return rule === 'wrong-password' && cached !== null ? counter(cached, 'COUNT_SSL_ERRORS') : 0;
}

/** A plugin that is not loaded (1524) raises two counters; only the rule plugin-missing counts it. */
function ownCountOf(subject: Case, column: string): number {
  const count = counterOf(subject, column);
  if (column !== 'COUNT_AUTH_PLUGIN_ERRORS') return count;
  return Math.max(0, count - counterOf(subject, 'COUNT_NO_AUTH_PLUGIN_ERRORS'));
}

function hidesTemporaryLocks(subject: Case): boolean {
  const settings = settingsOf(subject);
  if (settings === null || !releaseOf(settings).countsLocksAsPluginErrors) return false;
  return ownCountOf(subject, 'COUNT_AUTH_PLUGIN_ERRORS') > 0;
}
