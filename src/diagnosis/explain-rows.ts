import { tableBlocks } from '../chat/listing.ts';
import { count, firstOf } from '../chat/lists.ts';
import { type Block, bold, headed, type Message, note, paragraph } from '../chat/message.ts';
import { answer, joinReplies, type Reply, refuse } from '../chat/reply.ts';
import { type Address, parseAddress } from '../hostcache/address.ts';
import type { Problem } from '../pasted/columns.ts';
import { COUNTERS, type Saved, type SavedEntry } from '../pasted/saved.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { known, unknown } from './evidence.ts';
import { savedFindings } from './explain-counters.ts';
import { explainWaiting } from './explain-waiting.ts';
import { toJson } from './json.ts';
import { manualNote } from './messages.ts';
import { SEVERITIES } from './rule.ts';
import { worstFirst } from './rules/index.ts';

/** Diagnoses saved rows of a host cache: what the server counted, not what it would answer now. */

const GAP =
  'This comes from saved rows alone: settings, accounts and DNS are not known, and counters are totals since the entry was made.';

const ROWS_SHOWN = 90;
const HOSTS_NAMED = 5;

/** One saved row, its findings worst first. */
interface SavedDiagnosis extends Diagnosis {
  readonly saved: SavedEntry;
  /** The address, or the number of the line where it is masked. */
  readonly label: string;
}

/** What saved rows of a host cache and of a process list say; a refusal if none can be read. */
export function explainSaved(saved: Saved, readAt: Date): Reply {
  const { caches, waiting, sessions, problems } = saved;
  const isRead = caches.length + waiting.length + sessions > 0;
  const [first] = problems;
  if (!isRead && first !== undefined) return refuse(`${sayProblem(first)}.`);
  const isCache = caches.length > 0 || (waiting.length === 0 && sessions === 0);
  const replies = [
    ...(isCache ? [explainCache(caches, readAt)] : []),
    ...(waiting.length > 0 || sessions > 0 ? [explainWaiting(waiting, sessions)] : []),
  ];
  return withNotes(joinReplies(replies), problemNotes(problems));
}

function explainCache(entries: readonly SavedEntry[], readAt: Date): Reply {
  const diagnoses = entries.map((entry) => diagnoseSaved(entry, readAt));
  const isBlocking = diagnoses.some(({ findings }) => findings[0]?.severity === 'blocking');
  return answer(rowsMessage(diagnoses), diagnoses.map(rowJson), isBlocking ? 1 : 0);
}

function rowJson(diagnosis: SavedDiagnosis): object {
  const { address, missing } = diagnosis.saved;
  const row = { ...toJson(diagnosis, ''), server: null, client: address, address };
  const isWhole = CACHED_COLUMNS.every((column) => !missing.includes(column));
  return isWhole ? row : { ...row, cached: null };
}

/** What the JSON says of the entry itself. */
const CACHED_COLUMNS = ['HOST', 'HOST_VALIDATED', 'SUM_CONNECT_ERRORS'];

/** Stands for a masked address: no rule reads it where settings, accounts and DNS are unknown. */
const MASKED: Address = { text: '<address>', family: 4 };

function diagnoseSaved(saved: SavedEntry, readAt: Date): SavedDiagnosis {
  const { address, connectErrors, line } = saved;
  const client = address === null ? MASKED : parseAddress(address);
  if (client === null) throw new Error(`a saved row without an address: ${address}`);
  const diagnosis = diagnose({
    server: 'saved rows',
    client,
    user: null,
    reported: null,
    settings: unknown(GAP),
    entry: known({ ...saved, address: client.text }),
    accounts: unknown(GAP),
    entryCount: null,
    activity: unknown(GAP),
    failures: unknown(GAP),
    logins: unknown(GAP),
    dns: null,
    resolver: 'no resolver',
    rejectedName: null,
    readAt,
  });
  const { gaps } = diagnosis;
  // Without the column, no name is known, which is not NULL.
  const hasHost = !saved.missing.includes('HOST');
  const findings = diagnosis.findings.filter(({ rule }) => hasHost || rule !== 'null-host');
  // The count is saved, the limit is not.
  const limitGap = `Whether the host is blocked depends on max_connect_errors: it is blocked if that is ${connectErrors} or less.`;
  return {
    ...diagnosis,
    saved,
    label: address ?? `line ${line}`,
    findings: worstFirst([...findings, ...savedFindings({ ...diagnosis, findings })]),
    gaps: [...gaps, ...(connectErrors === 0 ? [] : [limitGap]), ...rowGaps(saved)],
  };
}

function rowGaps({ address, host, missing }: SavedEntry): readonly string[] {
  const isUnclear =
    host === null && !missing.includes('HOST') && missing.includes('HOST_VALIDATED');
  return [
    ...(address === null ? ['The address is masked or missing, so it cannot be asked about.'] : []),
    ...(missing.length === 0 ? [] : [sayMissing(missing)]),
    ...(isUnclear
      ? ['HOST is NULL: only HOST_VALIDATED YES means that the server does not ask DNS again.']
      : []),
  ];
}

function sayMissing(missing: readonly string[]): string {
  const counters = missing.filter((column) => column.startsWith('COUNT_'));
  const others = missing.filter((column) => !column.startsWith('COUNT_'));
  const all = counters.length === COUNTERS.length ? 'all COUNT_… columns' : null;
  const some =
    counters.length < 4 ? counters.join(', ') : `${counters.length} of the COUNT_… columns`;
  const named = [...others, ...(counters.length === 0 ? [] : [all ?? some])].join(', ');
  return `The text lacks ${named}: what they would say is not known.`;
}

function rowsMessage(diagnoses: readonly SavedDiagnosis[]): Message {
  const found = diagnoses.filter(({ findings }) => findings.length > 0);
  const headline = `${count(diagnoses.length, 'saved row')} of a host cache: ${found.length === 0 ? sayNothingFound(diagnoses) : `${count(found.length, 'row has', 'rows have')} findings`}.`;
  const gaps = new Set(diagnoses.flatMap(({ saved }) => rowGaps(saved)));
  const notes = [GAP, ...gaps].map((gap) => note(gap));
  return headed(headline, [...findingsBlocks(found), ...notes, ...rowsTable(found)]);
}

/** Only counters that were saved can say that nothing was counted. */
function sayNothingFound(diagnoses: readonly SavedDiagnosis[]): string {
  const lacks = ({ saved: { missing } }: SavedDiagnosis) =>
    missing.some((column) => /^(?:SUM|COUNT)_/.test(column));
  return diagnoses.some(lacks)
    ? 'no findings, but columns that count errors (COUNT_…, SUM_CONNECT_ERRORS) are missing'
    : 'no errors counted';
}

/** A paragraph for each rule, with the hosts to which it applies: 300 hosts with one cause are one paragraph. */
function findingsBlocks(found: readonly SavedDiagnosis[]): readonly Block[] {
  const rules = new Set(
    worstFirst(found.flatMap(({ findings }) => findings)).map(({ rule }) => rule),
  );
  return [...rules].flatMap((rule): readonly Block[] => {
    const hits = found.flatMap(({ label, findings }) =>
      findings.filter((finding) => finding.rule === rule).map((finding) => ({ label, finding })),
    );
    const [first] = hits;
    if (first === undefined) return [];
    const causes = hits.map(({ label, finding }) => `${label}: ${finding.cause}`);
    const { title, remedy } = first.finding;
    const lines = [...firstOf(causes, HOSTS_NAMED), remedy].join('\n');
    return [paragraph(bold(title), `\n${lines}`), manualNote(first.finding)];
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
    rows: sorted.map(({ label, saved, findings }) => [
      label,
      saved.missing.includes('HOST') ? '' : (saved.host ?? 'NULL'),
      saved.missing.includes('SUM_CONNECT_ERRORS') ? '' : String(saved.connectErrors),
      findings.map(({ rule }) => rule).join(', '),
    ]),
    limit: ROWS_SHOWN,
  });
}

function sayProblem({ line, problem }: Problem): string {
  return `Saved rows, line ${line}: ${problem}`;
}

function problemNotes(problems: readonly Problem[]): readonly Block[] {
  const [first] = problems;
  if (first === undefined) return [];
  const says = `${count(problems.length, 'row was', 'rows were')} passed over, the first in`;
  return [note(`${says} line ${first.line}: ${first.problem}.`)];
}

function withNotes(reply: Reply, notes: readonly Block[]): Reply {
  const [first, ...others] = reply.messages;
  if (first === undefined || notes.length === 0) return reply;
  return { ...reply, messages: [{ ...first, blocks: [...first.blocks, ...notes] }, ...others] };
}
