import { DNS_FAILURES, NULL_CAUSES } from '../hostcache/entry.ts';
import type { Diagnosis } from './diagnose.ts';
import { type Case, counterOf, entryOf, type Finding } from './rule.ts';
import { type CounterRow, createCounterRule } from './rules/counters.ts';

/** What counters alone say, where settings, accounts and DNS are not known. */

/** For rules that otherwise need settings, accounts or DNS. */
const TABLE: readonly CounterRow[] = [
  {
    rule: 'blocked-host',
    columns: ['COUNT_HOST_BLOCKED_ERRORS'],
    // A successful login resets the sum to 0, and a blocked host cannot log in.
    severity: ({ connectErrors }) => (connectErrors > 0 ? 'blocking' : 'note'),
    title: 'The host was blocked because of its connect errors (1129)',
    remedy:
      'Raise max_connect_errors above SUM_CONNECT_ERRORS: this unblocks the host at once and loses no data. Then find what breaks the handshakes off. A flush also unblocks it, until the errors return.',
  },
  {
    rule: 'null-host',
    columns: Object.values(NULL_CAUSES),
    title: 'DNS once had no confirmed name for this address',
    remedy:
      'If HOST is still NULL, fix DNS first (a PTR record, and an address record back), then flush.',
  },
  {
    rule: 'dns-failing',
    columns: Object.values(DNS_FAILURES),
    title: 'DNS failed for this address before the server knew its name',
    remedy: 'If HOST is NULL, fix DNS on the database host. Do not flush.',
  },
  {
    rule: 'numeric-host-name',
    columns: ['COUNT_FORMAT_ERRORS'],
    title: 'A PTR name began like an address, so the server rejected it',
    remedy: 'Give the address a PTR name that begins with a letter. A flush does nothing.',
  },
  {
    rule: 'no-matching-account',
    columns: ['COUNT_HOST_ACL_ERRORS'],
    severity: () => 'blocking',
    title: 'No account let this host in (1130)',
    remedy:
      'Run why for this client. If an account for its name exists, the cause is the host cache or DNS; otherwise create an account.',
  },
  {
    rule: 'handshake-errors',
    columns: ['SUM_CONNECT_ERRORS'],
    title: 'Connections were broken off before authentication ended',
    remedy:
      'Look for a health check, a port scan, a client that times out, or TLS that fails on either side.',
  },
  {
    rule: 'wrong-password',
    columns: ['COUNT_AUTH_PLUGIN_ERRORS'],
    title: 'Authentication was refused (1045), or its plugin is not loaded (1524)',
    remedy: 'See plugin-missing, which raises the same counter. A flush does nothing.',
  },
];

const RULES = TABLE.map((row) => createCounterRule(row, countOf));

/** For each counter above 0 that the findings of the diagnosis do not cover. */
export function savedFindings(diagnosis: Diagnosis): readonly Finding[] {
  const covered = new Set(diagnosis.findings.map(({ rule }) => rule));
  return RULES.flatMap((rule) => (covered.has(rule.id) ? [] : (rule.examine(diagnosis) ?? [])));
}

function countOf(subject: Case, column: string): number {
  if (column !== 'SUM_CONNECT_ERRORS') return counterOf(subject, column);
  return entryOf(subject)?.connectErrors ?? 0;
}
