import { csv } from '../chat/csv.ts';
import { tableBlocks } from '../chat/listing.ts';
import { listed } from '../chat/lists.ts';
import {
  type Block,
  type Button,
  bold,
  code,
  type Message,
  note,
  paragraph,
  type Spans,
  text,
  time,
  user,
} from '../chat/message.ts';
import { flushButton } from '../diagnosis/messages.ts';
import { releaseOf } from '../hostcache/release.ts';
import type { Post, PostContent } from '../outbox/store.ts';
import { type Alert, alertTitle } from './alert.ts';
import type { ServerLook } from './look.ts';
import type { Observation } from './observe.ts';
import type { Change } from './reconcile.ts';
import { ruleOf } from './rules/index.ts';
import type { AlertHost } from './rules/rule.ts';
import { countSilenced, type IsSilenced } from './silence.ts';

/** The posts about an alert: a root message once, then edits of it and replies in its thread. */

/** If there are more hosts, a file in the thread lists all of them. */
const HOSTS_SHOWN = 10;
const HOSTS_NAMED = 3;

export interface PostContext {
  readonly look: ServerLook;
  readonly channel: string;
  readonly observations: readonly Observation[];
  readonly isSilenced: IsSilenced;
  readonly queuedAt: Date;
}

export function postsOf(alert: Alert, change: Change, context: PostContext): readonly Post[] {
  const { channel, queuedAt, look, observations, isSilenced } = context;
  const ofRule = observations.filter(({ rule }) => rule === alert.rule);
  const { note, flushHelps = false } = ruleOf(alert.rule);
  const { settings } = look;
  const message = alertMessage(alert, {
    note: note?.(look) ?? '',
    flush: flushHelps && settings.known ? releaseOf(settings.value).flush.sql : null,
    silenced: countSilenced(ofRule, isSilenced),
  });
  return contentsOf(alert, change, message).map((content, part) => ({
    // The revision grows with each save, so two changes never have the same post ids.
    id: `${alert.id}/${alert.revision + 1}/${part}`,
    channel,
    subject: alert.id,
    content,
    queuedAt,
  }));
}

function contentsOf(alert: Alert, change: Change, message: Message): readonly PostContent[] {
  const isLong = alert.hosts.length > HOSTS_SHOWN;
  const file = isLong ? [{ kind: 'file', ...hostsFile(alert) } as const] : [];
  const edit = { kind: 'edit', message } as const;
  switch (change.kind) {
    case 'pending':
    case 'forgotten':
      return [];
    case 'raised':
      return [{ kind: 'root', message }, ...file];
    case 'reworded':
      return [edit];
    case 'changed':
    case 'resolved':
    case 'returned': {
      // Hosts that were silenced in the meantime leave without a reply.
      if (!isNews(change)) return [edit];
      const isBroadcast = change.kind === 'returned';
      return [edit, { kind: 'reply', message: changeMessage(change), isBroadcast }, ...file];
    }
  }
}

function isNews({ kind, added, cleared, after }: Change): boolean {
  return kind !== 'changed' || added.length > 0 || cleared.length > 0 || after.fact !== null;
}

export interface AlertContext {
  /** What the look adds to the rule's meaning; empty = nothing. */
  readonly note: string;
  /** The statement that flushes this server; null = it is not known, or a flush does not help. */
  readonly flush: string | null;
  /** How many hosts of this rule are silenced. */
  readonly silenced: number;
}

export function alertMessage(alert: Alert, context: AlertContext): Message {
  const title = `${alertTitle(alert)} on ${alert.server}`;
  const isOver = alert.state === 'resolved';
  const hosts = alert.hosts.length === 0 ? '' : `. ${sayHosts(alert.hosts)}`;
  return {
    headline: isOver ? `Resolved: ${title}.` : `Firing: ${title}${hosts}.`,
    blocks: [
      { kind: 'heading', text: isOver ? `Resolved: ${title}` : title },
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
  const flush = context.flush === null ? [] : [' To flush this server: ', code(context.flush)];
  return [
    ...(alert.fact === null ? [] : [paragraph(bold(alert.fact))]),
    paragraph(means, ...flush, `\n${remedy}`),
    ...(context.silenced > 0 ? [note(`Also silenced: ${context.silenced}.`)] : []),
    { kind: 'buttons', buttons: alertButtons(alert) },
    ...hostTable(alert.hosts),
  ];
}

/** What a person can do about an open alert. */
export function alertButtons(alert: Alert): readonly Button[] {
  const { id, server, hosts } = alert;
  const [first] = hosts;
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
    ...(ruleOf(alert.rule).flushHelps ? [flushButton(server)] : []),
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

function stateSpans(alert: Alert): Spans {
  const { id, state, openedAt, resolvedAt, acknowledged } = alert;
  const since = [`${id} · since `, time(openedAt)];
  if (resolvedAt !== null) return text(...since, ' · resolved ', time(resolvedAt));
  if (acknowledged === null) return text(...since, ` · ${state}`);
  const { by, at } = acknowledged;
  return text(...since, ' · acknowledged by ', user(by), ' ', time(at));
}

function sayHosts(hosts: readonly AlertHost[]): string {
  const named = hosts.map(({ address, says }) => `${address} (${says})`);
  return listed(named, HOSTS_NAMED);
}
