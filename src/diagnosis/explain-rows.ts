import { tableBlocks } from '../chat/listing.ts';
import { count, firstOf } from '../chat/lists.ts';
import { type Block, bold, type Message, text } from '../chat/message.ts';
import { answer, type Reply } from '../chat/reply.ts';
import { parseAddress } from '../hostcache/address.ts';
import type { HostCacheEntry } from '../hostcache/entry.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { known, unknown } from './evidence.ts';
import { toJson } from './json.ts';
import { type Finding, type RuleId, SEVERITIES } from './rule.ts';
import { RULES } from './rules/index.ts';
import { savedFindings } from './saved-findings.ts';

/** Saved rows of a host cache, diagnosed without asking anybody: what was counted, never what would be answered now. */

const GAP =
  'Read from saved rows alone: settings, accounts and DNS are not known, and counters are totals since the entry was made.';

const ROWS_SHOWN = 90;
const HOSTS_NAMED = 5;

export function explainRows(entries: readonly HostCacheEntry[], readAt: Date): Reply {
  const diagnoses = entries.map((entry) => diagnoseSaved(entry, readAt));
  const isBlocking = diagnoses.some(({ findings: [worst] }) => worst?.severity === 'blocking');
  const rows = diagnoses.map((each) => ({
    ...toJson(each, each.evidence.client.text),
    server: null,
  }));
  return answer(message(diagnoses), rows, isBlocking ? 1 : 0);
}

function diagnoseSaved(entry: HostCacheEntry, readAt: Date): Diagnosis {
  const client = parseAddress(entry.address);
  if (client === null) throw new Error(`a saved row without an address: ${entry.address}`);
  const diagnosis = diagnose({
    server: 'saved rows',
    client,
    user: null,
    settings: unknown(GAP),
    entry: known(entry),
    accounts: unknown(GAP),
    entryCount: null,
    activity: unknown(GAP),
    dns: null,
    resolver: 'nobody',
    rejectedName: null,
    readAt,
  });
  const found = [...diagnosis.findings, ...savedFindings(diagnosis)];
  return {
    ...diagnosis,
    findings: worstFirst(found),
    gaps: [...diagnosis.gaps, ...limitGap(entry)],
  };
}

/** The count is saved, the limit is not. */
function limitGap({ connectErrors }: HostCacheEntry): readonly string[] {
  if (connectErrors === 0) return [];
  return [
    `Whether the host is blocked depends on max_connect_errors: it is where that is ${connectErrors} or less.`,
  ];
}

function message(diagnoses: readonly Diagnosis[]): Message {
  const telling = diagnoses.filter(({ findings }) => findings.length > 0).length;
  const headline = `${count(diagnoses.length, 'saved row')} of a host cache: ${telling === 0 ? 'nothing was counted' : `${telling} with something to tell`}.`;
  return {
    headline,
    blocks: [
      { kind: 'text', spans: text(bold(headline)) },
      ...rulesOf(diagnoses).flatMap((rule) => ruleBlocks(rule, diagnoses)),
      { kind: 'note', spans: text(GAP) },
      ...table(diagnoses),
    ],
  };
}

function rulesOf(diagnoses: readonly Diagnosis[]): readonly RuleId[] {
  const findings = worstFirst(diagnoses.flatMap((each) => each.findings));
  return [...new Set(findings.map(({ rule }) => rule))];
}

/** By severity, then in the catalogue's order. */
function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  const place = ({ severity, rule }: Finding) =>
    SEVERITIES.indexOf(severity) * RULES.length + RULES.findIndex(({ id }) => id === rule);
  return [...findings].sort((a, b) => place(a) - place(b));
}

/** One rule with the hosts that it fires on: 300 hosts with one cause are one paragraph. */
function ruleBlocks(rule: RuleId, diagnoses: readonly Diagnosis[]): readonly Block[] {
  const hits = diagnoses.flatMap(({ evidence, findings }) => {
    const finding = findings.find((each) => each.rule === rule);
    return finding === undefined ? [] : [{ client: evidence.client.text, finding }];
  });
  const [first] = hits;
  if (first === undefined) return [];
  const causes = hits.map(({ client, finding }) => `${client}: ${finding.cause}`);
  const { title, remedy, source } = first.finding;
  const lines = [...firstOf(causes, HOSTS_NAMED), remedy].join('\n');
  return [
    { kind: 'text', spans: text(bold(title), `\n${lines}`) },
    { kind: 'note', spans: text(`Manual: ${source}`) },
  ];
}

function table(diagnoses: readonly Diagnosis[]): readonly Block[] {
  const sorted = diagnoses
    .filter(({ findings }) => findings.length > 0)
    .sort((a, b) => rank(a.findings) - rank(b.findings) || errorsOf(b) - errorsOf(a));
  if (sorted.length < 2) return [];
  return tableBlocks({
    columns: ['Address', 'Host', { label: 'Connect errors', align: 'right' }, 'Found'],
    rows: sorted.map(cells),
    limit: ROWS_SHOWN,
  });
}

function cells({ evidence, findings }: Diagnosis): readonly string[] {
  const host = evidence.entry.known ? (evidence.entry.value?.host ?? 'NULL') : '';
  const rules = findings.map(({ rule }) => rule).join(', ');
  return [evidence.client.text, host, String(errorsOf({ evidence })), rules];
}

function errorsOf({ evidence: { entry } }: Pick<Diagnosis, 'evidence'>): number {
  return entry.known ? (entry.value?.connectErrors ?? 0) : 0;
}

/** Findings stand worst first. */
function rank([worst]: readonly Finding[]): number {
  return SEVERITIES.indexOf(worst?.severity ?? 'note');
}
