import { times } from '../../chat/lists.ts';
import { DNS_FAILURES, type HostCacheEntry, NULL_CAUSES } from '../../hostcache/entry.ts';
import type { ManualPage } from '../../hostcache/manual.ts';
import { type Case, createRule, type Rule, type RuleId, type Severity } from '../rule.ts';
import { chosenAccountRules } from './chosen-account.ts';
import { counterOf, entryOf, since } from './words.ts';

/** Rules that only say "this counter rose": totals since the entry was made, never the present alone. */
export interface CounterRow {
  readonly rule: RuleId;
  readonly columns: readonly string[];
  /** Left out: a note. */
  readonly severity?: (entry: HostCacheEntry) => Severity;
  readonly title: string;
  readonly remedy: string;
  readonly manual: ManualPage;
}

const TABLE: readonly CounterRow[] = [
  {
    rule: 'handshake-errors',
    columns: ['COUNT_HANDSHAKE_ERRORS'],
    title: 'Connections were broken off before authentication ended',
    remedy:
      'Look for a health check, a port scan, a client that times out, or TLS that fails on either side. Only these errors count towards a block; wrong passwords do not, but on MariaDB logins beyond max_password_errors (4150) are among them.',
    manual: 'blocked-host',
  },
  {
    rule: 'wrong-password',
    columns: ['COUNT_AUTHENTICATION_ERRORS', 'COUNT_AUTH_PLUGIN_ERRORS'],
    title: 'Authentication was refused (1045)',
    remedy:
      'A wrong or rotated password, or an account name that does not exist for this host; the two counters do not tell these apart. This never blocks a host, and a flush does nothing.',
    manual: 'problems-connecting',
  },
  {
    rule: 'account-locked',
    columns: ['COUNT_ACCOUNT_LOCKED_ERRORS', 'COUNT_TEMPORARY_ACCOUNT_LOCKED_ERRORS'],
    title: 'Logins to a locked account were refused (3118, 3955)',
    remedy: 'ALTER USER … ACCOUNT UNLOCK, once it is clear who guessed. A flush does nothing.',
    manual: 'account-locking',
  },
  {
    rule: 'tls-required',
    columns: ['COUNT_SSL_ERRORS'],
    title: 'Logins without the TLS that the account asks for were refused (1045)',
    remedy: 'Turn TLS on in the client, or bring the certificate that the account requires.',
    manual: 'using-encrypted-connections',
  },
  {
    rule: 'plugin-missing',
    columns: ['COUNT_NO_AUTH_PLUGIN_ERRORS'],
    title: 'The account uses an authentication plugin that is not loaded (1524)',
    remedy: 'Move the account to a plugin that this version has, such as caching_sha2_password.',
    manual: 'pluggable-authentication',
  },
  {
    rule: 'user-limits',
    columns: ['COUNT_MAX_USER_CONNECTIONS_ERRORS', 'COUNT_MAX_USER_CONNECTIONS_PER_HOUR_ERRORS'],
    title: "An account's connection limit was reached (1226, 1203)",
    remedy: 'Raise the limit of the account, or find the pool that leaks connections.',
    manual: 'user-resources',
  },
  {
    rule: 'proxy-user',
    columns: ['COUNT_PROXY_USER_ERRORS', 'COUNT_PROXY_USER_ACL_ERRORS'],
    title: 'A proxy login failed: no PROXY grant, or the proxied account does not exist',
    remedy: 'Check GRANT PROXY for this account, and that the proxied account exists.',
    manual: 'proxy-users',
  },
  {
    rule: 'default-database',
    columns: ['COUNT_DEFAULT_DATABASE_ERRORS'],
    title: 'The database named at login is missing or denied (1044, 1049)',
    remedy: "Correct the database in the client's settings, or grant it.",
    manual: 'problems-connecting',
  },
  {
    rule: 'init-connect',
    columns: ['COUNT_INIT_CONNECT_ERRORS'],
    title: 'init_connect failed after login (1184)',
    remedy: 'Correct the init_connect variable; it fails for every ordinary account alike.',
    manual: 'server-system-variables',
  },
  {
    rule: 'local-errors',
    columns: ['COUNT_LOCAL_ERRORS'],
    title: 'The server itself failed while it let the client in',
    remedy: "Look at the server's memory and error log.",
    manual: 'performance-schema-host-cache-table',
  },
];

/** Counters that some other rule explains, or that only repeat its finding. */
const EXPLAINED_ELSEWHERE: readonly string[] = [
  'COUNT_HOST_BLOCKED_ERRORS',
  ...Object.values(NULL_CAUSES),
  ...Object.values(DNS_FAILURES),
  'COUNT_FORMAT_ERRORS',
  'COUNT_HOST_ACL_ERRORS',
];

const KNOWN_COLUMNS = new Set([...TABLE.flatMap(({ columns }) => columns), ...EXPLAINED_ELSEWHERE]);

/** A newer server's columns are told by their names, never dropped. */
const unknownErrors = createRule('unknown-errors', {
  find: (subject) => {
    const counters = Object.entries(entryOf(subject)?.counters ?? {});
    const risen = counters.filter(([column, count]) => count > 0 && !KNOWN_COLUMNS.has(column));
    return risen.length === 0 ? null : risen;
  },
  explain: (risen) => ({
    severity: 'note',
    title: 'The server counted errors of a kind that has no rule here',
    cause: risen.map(([column, count]) => `${column} ${count}`).join(', '),
    remedy: "Look the column up in this version's manual.",
    statements: [],
    manual: 'performance-schema-host-cache-table',
  }),
});

export const counterRules: readonly Rule[] = [
  ...TABLE.map((row) => afterChosenAccount(createCounterRule(row, ownCountOf))),
  unknownErrors,
];

/** What the account itself shows is surer than a total, and is told in its place. */
function afterChosenAccount(rule: Rule): Rule {
  const chosen = chosenAccountRules.find(({ id }) => id === rule.id);
  if (chosen === undefined) return rule;
  return { id: rule.id, examine: (subject) => chosen.examine(subject) ?? rule.examine(subject) };
}

export function createCounterRule(
  row: CounterRow,
  countOf: (subject: Case, column: string) => number,
): Rule {
  return createRule(row.rule, {
    find: (subject) => {
      const risen = row.columns
        .map((column) => ({ column, count: countOf(subject, column) }))
        .filter(({ count }) => count > 0);
      const entry = entryOf(subject);
      return risen.length === 0 || entry === null ? null : { risen, entry };
    },
    explain: ({ risen, entry }) => ({
      severity: row.severity?.(entry) ?? 'note',
      title: row.title,
      cause: `${risen.map(({ column, count }) => `${times(count)} (${column})`).join(', ')}${since(entry.firstSeenAt)}, a total.`,
      remedy: row.remedy,
      statements: [],
      manual: row.manual,
    }),
  });
}

/** A plugin that is not loaded (1524) raises two counters, of which one tells it. */
function ownCountOf(subject: Case, column: string): number {
  const count = counterOf(subject, column);
  if (column !== 'COUNT_AUTH_PLUGIN_ERRORS') return count;
  return Math.max(0, count - counterOf(subject, 'COUNT_NO_AUTH_PLUGIN_ERRORS'));
}
