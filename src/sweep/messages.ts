import { csv } from '../chat/csv.ts';
import { tableBlocks } from '../chat/listing.ts';
import { listed } from '../chat/lists.ts';
import {
  type Block,
  type Button,
  bold,
  type Message,
  note,
  paragraph,
  type Span,
  text,
  time,
  user,
} from '../chat/message.ts';
import { type Alert, alertTitle } from './alert.ts';
import type { Change } from './reconcile.ts';
import { ruleOf } from './rules/index.ts';
import type { AlertHost } from './rules/rule.ts';

/** The texts of an alert: its root message, what changed, and all its hosts as a file. */

const HOSTS_SHOWN = 10;
const HOSTS_NAMED = 3;

/** If there are more hosts, a file in the thread lists all of them. */
export const HOSTS_IN_TABLE = HOSTS_SHOWN;

export interface AlertContext {
  /** What the look adds to the rule's meaning; empty = nothing. */
  readonly note: string;
  /** How many hosts of this rule are silenced. */
  readonly silenced: number;
}

export function alertMessage(alert: Alert, context: AlertContext): Message {
  const title = `${alertTitle(alert)} on ${alert.server}`;
  const isOver = alert.state === 'resolved';
  return {
    headline: isOver
      ? `Resolved: ${titleOfRule(alert)}.`
      : `Firing: ${title}${sayFirst(alert.hosts)}.`,
    blocks: [
      { kind: 'heading', text: isOver ? `Resolved: ${titleOfRule(alert)}` : title },
      note(...stateSpans(alert)),
      ...(isOver ? proofBlocks(alert) : openBlocks(alert, context)),
    ],
  };
}

/** The reply in the thread about a change. */
export function changeMessage({ kind, after, added, cleared }: Change): Message {
  const gone = cleared.map(({ host, proof }) => `${host.address}: ${proof}`);
  const lines = [
    ...(added.length > 0 ? [`New: ${sayHosts(added)}.`] : []),
    ...(gone.length > 0 ? [`No longer: ${listed(gone, HOSTS_NAMED)}.`] : []),
    ...(after.fact !== null && added.length === 0 ? [after.fact] : []),
  ];
  const what = kind === 'resolved' ? 'Resolved.' : kind === 'returned' ? 'It is back.' : 'Changed.';
  const headline = [what, ...lines].join(' ');
  return { headline, blocks: [paragraph([what, ...lines].join('\n'))] };
}

/** All hosts of an alert as CSV. */
export function hostsFile(alert: Alert): { readonly name: string; readonly text: string } {
  const rows = alert.hosts.map(({ address, name, says, sinceAt }) => [
    address,
    name,
    says,
    sinceAt,
  ]);
  return { name: `${alert.id}.csv`, text: csv([['address', 'name', 'what', 'since'], ...rows]) };
}

function openBlocks(alert: Alert, context: AlertContext): readonly Block[] {
  const { meaning, remedy } = ruleOf(alert.rule);
  const means = context.note === '' ? meaning : `${meaning} ${context.note}`;
  return [
    ...(alert.fact === null ? [] : [paragraph(bold(alert.fact))]),
    paragraph(`${means}\n${remedy}`),
    ...(context.silenced > 0 ? [note(`Also silenced: ${context.silenced}.`)] : []),
    { kind: 'buttons', buttons: alertButtons(alert) },
    ...hostTable(alert.hosts),
  ];
}

/** What a person can do about an open alert. */
export function alertButtons(alert: Alert): readonly Button[] {
  const { id, server, hosts } = alert;
  const first = hosts[0];
  const says = `${alertTitle(alert)} on ${server}`;
  return [
    ...(alert.state === 'firing'
      ? [{ label: 'Acknowledge', line: `ack ${id}`, says: `Acknowledge ${id}: ${says}` }]
      : []),
    ...(first === undefined
      ? []
      : [
          {
            label: `Why ${first.address}`,
            line: `why ${first.address} on ${server}`,
            says: `Ask what is wrong with ${first.address}`,
          },
        ]),
    ...(ruleOf(alert.rule).flushHelps
      ? [
          {
            label: 'Request flush…',
            line: `flush on ${server}`,
            says: `Request a flush of the host cache of ${server}`,
            style: 'danger' as const,
          },
        ]
      : []),
    { label: 'Silence…', line: `silence ${alert.rule}`, says: `Silence ${alert.rule} for a while` },
  ];
}

function hostTable(hosts: readonly AlertHost[]): readonly Block[] {
  return tableBlocks({
    columns: ['Address', 'Cached name', 'What'],
    rows: hosts.map(({ address, name, says }) => [address, name ?? 'NULL', says]),
    limit: HOSTS_SHOWN,
    note: 'the full list is in the thread',
  });
}

function proofBlocks({ proofs }: Alert): readonly Block[] {
  return proofs.length === 0
    ? []
    : [paragraph(`How it ended: ${listed(proofs.slice(-HOSTS_SHOWN), HOSTS_NAMED)}.`)];
}

function stateSpans(alert: Alert): readonly Span[] {
  const { id, state, openedAt, resolvedAt, acknowledged } = alert;
  const since = text(`${id} · since `, time(openedAt));
  if (state === 'resolved')
    return [...since, ...text(' · resolved '), ...(resolvedAt ? [time(resolvedAt)] : [])];
  if (acknowledged === null) return [...since, ...text(` · ${state}`)];
  return [
    ...since,
    ...text(' · acknowledged by ', user(acknowledged.by), ' ', time(acknowledged.at)),
  ];
}

function titleOfRule(alert: Alert): string {
  const { title } = ruleOf(alert.rule);
  // A resolved alert has no hosts left, so its title has no count.
  return `${typeof title === 'string' ? title : title.many} on ${alert.server}`;
}

function sayFirst(hosts: readonly AlertHost[]): string {
  return hosts.length === 0 ? '' : `. ${sayHosts(hosts)}`;
}

function sayHosts(hosts: readonly AlertHost[]): string {
  const named = hosts.map(({ address, says }) => `${address} (${says})`);
  return listed(named, HOSTS_NAMED);
}
