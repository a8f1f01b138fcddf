import type { RuleId } from '../../../src/diagnosis/rule.ts';
import { cached, type RuleCase, unseen } from './rule-case.ts';

/** Rules that only say that a counter rose. */
const COUNTERS: readonly (readonly [RuleId, readonly string[]])[] = [
  ['handshake-errors', ['COUNT_HANDSHAKE_ERRORS']],
  ['wrong-password', ['COUNT_AUTHENTICATION_ERRORS', 'COUNT_AUTH_PLUGIN_ERRORS']],
  ['account-locked', ['COUNT_ACCOUNT_LOCKED_ERRORS', 'COUNT_TEMPORARY_ACCOUNT_LOCKED_ERRORS']],
  ['tls-required', ['COUNT_SSL_ERRORS']],
  ['plugin-missing', ['COUNT_NO_AUTH_PLUGIN_ERRORS']],
  [
    'user-limits',
    ['COUNT_MAX_USER_CONNECTIONS_ERRORS', 'COUNT_MAX_USER_CONNECTIONS_PER_HOUR_ERRORS'],
  ],
  ['proxy-user', ['COUNT_PROXY_USER_ERRORS', 'COUNT_PROXY_USER_ACL_ERRORS']],
  ['default-database', ['COUNT_DEFAULT_DATABASE_ERRORS']],
  ['init-connect', ['COUNT_INIT_CONNECT_ERRORS']],
  ['local-errors', ['COUNT_LOCAL_ERRORS']],
  // A column that only a newer server has is reported by name.
  ['unknown-errors', ['COUNT_UNKNOWN_ERRORS', 'COUNT_QUANTUM_ERRORS']],
];

function counted(column: string, count: number) {
  return cached({ counters: { [column]: count } });
}

export const COUNTER_CASES: readonly RuleCase[] = COUNTERS.flatMap(([rule, columns]) =>
  columns.map((column) => ({
    rule,
    name: column,
    on: counted(column, 1),
    below: counted(column, 0),
    unknown: unseen(counted(column, 1)),
  })),
);
