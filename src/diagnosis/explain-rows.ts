import { tableBlocks } from '../chat/listing.ts';
import { count, firstOf } from '../chat/lists.ts';
import { type Block, bold, headed, type Message, note, paragraph } from '../chat/message.ts';
import { answer, type Reply } from '../chat/reply.ts';
import { parseAddress } from '../hostcache/address.ts';
import { DNS_FAILURES, type HostCacheEntry, NULL_CAUSES } from '../hostcache/entry.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { known, unknown } from './evidence.ts';
import { toJson } from './json.ts';
import { type Case, counterOf, entryOf, type Finding, SEVERITIES } from './rule.ts';
import { type CounterRow, createCounterRule } from './rules/counters.ts';
import { worstFirst } from './rules/index.ts';

/** Diagnoses saved rows of a host cache: what the server counted, not what it would answer now. */

const GAP =
  'This comes from saved rows alone: settings, accounts and DNS are not known, and counters are totals since the entry was made.';

const ROWS_SHOWN = 90;
const HOSTS_NAMED = 5;

/** One saved row, its findings worst first. */
interface SavedDiagnosis extends Diagnosis {
  readonly saved: HostCacheEntry;
}

export function explainRows(entries: readonly HostCacheEntry[], readAt: Date): Reply {
  const diagnoses = entries.map((entry) => diagnoseSaved(entry, readAt));
  const isBlocking = diagnoses.some(({ findings }) => findings[0]?.severity === 'blocking');
  const rows = diagnoses.map((each) => ({ ...toJson(each, each.saved.address), server: null }));
  return answer(rowsMessage(diagnoses), rows, isBlocking ? 1 : 0);
}

function diagnoseSaved(saved: HostCacheEntry, readAt: Date): SavedDiagnosis {
  const { address, connectErrors } = saved;
  const client = parseAddress(address);
  if (client === null) throw new Error(`a saved row without an address: ${address}`);
  const diagnosis = diagnose({
    server: 'saved rows',
    client,
    user: null,
    reported: null,
    settings: unknown(GAP),
    entry: known(saved),
    accounts: unknown(GAP),
    entryCount: null,
    activity: unknown(GAP),
    dns: null,
    resolver: 'no resolver',
    rejectedName: null,
    readAt,
  });
  const { findings, gaps } = diagnosis;
  // The count is saved, the limit is not.
  const limitGap = `Whether the host is blocked depends on max_connect_errors: it is blocked if that is ${connectErrors} or less.`;
  return {
    ...diagnosis,
    saved,
    findings: worstFirst([...findings, ...savedFindings(diagnosis)]),
    gaps: connectErrors === 0 ? gaps : [...gaps, limitGap],
  };
}

function rowsMessage(diagnoses: readonly SavedDiagnosis[]): Message {
  const found = diagnoses.filter(({ findings }) => findings.length > 0);
  const headline = `${count(diagnoses.length, 'saved row')} of a host cache: ${found.length === 0 ? 'no errors counted' : `${count(found.length, 'row has', 'rows have')} findings`}.`;
  return headed(headline, [...findingsBlocks(found), note(GAP), ...rowsTable(found)]);
}

/** A paragraph for each rule, with the hosts to which it applies: 300 hosts with one cause are one paragraph. */
function findingsBlocks(found: readonly SavedDiagnosis[]): readonly Block[] {
  const rules = new Set(
    worstFirst(found.flatMap(({ findings }) => findings)).map(({ rule }) => rule),
  );
  return [...rules].flatMap((rule): readonly Block[] => {
    const hits = found.flatMap(({ saved, findings }) =>
      findings.filter((finding) => finding.rule === rule).map((finding) => ({ saved, finding })),
    );
    const [first] = hits;
    if (first === undefined) return [];
    const causes = hits.map(({ saved, finding }) => `${saved.address}: ${finding.cause}`);
    const { title, remedy, source } = first.finding;
    const lines = [...firstOf(causes, HOSTS_NAMED), remedy].join('\n');
    return [paragraph(bold(title), `\n${lines}`), note(`Manual: ${source}`)];
  });
}

/** Worst first; no table for a single row. */
function rowsTable(found: readonly SavedDiagnosis[]): readonly Block[] {
  if (found.length < 2) return [];
  const rank = ({ findings }: Diagnosis) => SEVERITIES.indexOf(findings[0]?.severity ?? 'note');
  const sorted = [...found].sort(
    (a, b) => rank(a) - rank(b) || b.saved.connectErrors - a.saved.connectErrors,
  );
  return tableBlocks({
    columns: ['Address', 'Host', { label: 'Connect errors', align: 'right' }, 'Found'],
    rows: sorted.map(({ saved, findings }) => [
      saved.address,
      saved.host ?? 'NULL',
      String(saved.connectErrors),
      findings.map(({ rule }) => rule).join(', '),
    ]),
    limit: ROWS_SHOWN,
  });
}

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
function savedFindings(diagnosis: Diagnosis): readonly Finding[] {
  const covered = new Set(diagnosis.findings.map(({ rule }) => rule));
  return RULES.flatMap((rule) => (covered.has(rule.id) ? [] : (rule.examine(diagnosis) ?? [])));
}

function countOf(subject: Case, column: string): number {
  if (column !== 'SUM_CONNECT_ERRORS') return counterOf(subject, column);
  return entryOf(subject)?.connectErrors ?? 0;
}
