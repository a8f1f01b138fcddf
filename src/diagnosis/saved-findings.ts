import { DNS_FAILURES, NULL_CAUSES } from '../hostcache/entry.ts';
import type { Diagnosis } from './diagnose.ts';
import type { Case, Finding } from './rule.ts';
import { type CounterRow, createCounterRule } from './rules/counters.ts';
import { counterOf, entryOf } from './rules/words.ts';

/** What counters alone tell, where a rule would ask settings, accounts or DNS and there are none to ask. */

const TABLE: readonly CounterRow[] = [
  {
    rule: 'blocked-host',
    columns: ['COUNT_HOST_BLOCKED_ERRORS'],
    // A good login has set the sum back to 0, which a blocked host cannot do.
    severity: ({ connectErrors }) => (connectErrors > 0 ? 'blocking' : 'note'),
    title: 'The host was blocked because of its connect errors (1129)',
    remedy:
      'Raise max_connect_errors above SUM_CONNECT_ERRORS: that unblocks at once and loses nothing. Then find what breaks the handshakes off. A flush unblocks too, until the errors return.',
    manual: 'blocked-host',
  },
  {
    rule: 'null-host',
    columns: Object.values(NULL_CAUSES),
    title: 'DNS once had no confirmed name for this address',
    remedy: 'Where HOST is NULL still: mend DNS (a PTR record, and an address back), then flush.',
    manual: 'host-cache',
  },
  {
    rule: 'dns-failing',
    columns: Object.values(DNS_FAILURES),
    title: 'DNS failed for this address before the server learnt its name',
    remedy: 'Nothing to do where HOST is set; else mend DNS on the database host. Do not flush.',
    manual: 'host-cache',
  },
  {
    rule: 'numeric-host-name',
    columns: ['COUNT_FORMAT_ERRORS'],
    title: 'A PTR name began like an address, so the server rejected it',
    remedy: 'Give the address a PTR name that begins with a letter. A flush changes nothing.',
    manual: 'account-names',
  },
  {
    rule: 'no-matching-account',
    columns: ['COUNT_HOST_ACL_ERRORS'],
    severity: () => 'blocking',
    title: 'No account let this host in (1130)',
    remedy:
      'Ask why with this client: if an account is meant for its name, the host cache or DNS is at fault; else create one.',
    manual: 'connection-access',
  },
  {
    rule: 'handshake-errors',
    columns: ['SUM_CONNECT_ERRORS'],
    title: 'Connections were broken off before authentication ended',
    remedy:
      'Look for a health check, a port scan, a client that times out, or TLS that fails on either side.',
    manual: 'blocked-host',
  },
  {
    rule: 'wrong-password',
    columns: ['COUNT_AUTH_PLUGIN_ERRORS'],
    title: 'Authentication was refused (1045), or its plugin is not loaded (1524)',
    remedy: 'See plugin-missing, which raises the same counter. A flush does nothing.',
    manual: 'problems-connecting',
  },
];

const RULES = TABLE.map((row) => createCounterRule(row, countOf));

/** For the counters above 0 that no finding has told yet. */
export function savedFindings({ findings, ...subject }: Diagnosis): readonly Finding[] {
  return RULES.filter(({ id }) => findings.every(({ rule }) => rule !== id))
    .map((rule) => rule.examine(subject))
    .filter((finding) => finding !== null);
}

function countOf(subject: Case, column: string): number {
  return column === 'SUM_CONNECT_ERRORS'
    ? (entryOf(subject)?.connectErrors ?? 0)
    : counterOf(subject, column);
}
