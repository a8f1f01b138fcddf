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
  type Sign,
  type Spans,
  text,
  time,
  user,
} from '../chat/message.ts';
import { flushButton } from '../diagnosis/messages.ts';
import type { Post, PostContent } from '../outbox/store.ts';
import { type Alert, alertTitle } from './alert.ts';
import type { Change } from './reconcile.ts';
import { ruleOf } from './rules/index.ts';
import type { AlertHost } from './rules/rule.ts';
import { matcherText, type Silence } from './silence.ts';

/** The posts about an alert: a root message once, then edits of it and replies in its thread. */

/** If there are more hosts, a file in the thread lists all of them. */
const HOSTS_SHOWN = 10;
const HOSTS_NAMED = 3;

/** The channel of the posts, and when they were stored. */
type Queued = Pick<Post, 'channel' | 'queuedAt'>;

/** The edit that shows the alert as it is after its next save. */
export function editPost(alert: Alert, queued: Queued): Post {
  const content = editOf(alert);
  return { id: `${alert.id}/${alert.revision + 1}/0`, subject: alert.id, content, ...queued };
}

/** The message of an open alert is posted anew if somebody has deleted it. */
function editOf(alert: Alert): PostContent {
  const edit = { kind: 'edit', message: alertMessage(alert) } as const;
  return alert.state === 'resolved' ? edit : { ...edit, replacesDeleted: true };
}

export function postsOf(alert: Alert, change: Change, queued: Queued): readonly Post[] {
  return contentsOf(alert, change).map((content, part) => ({
    // The revision grows with each save, so two changes never have the same post ids.
    id: `${alert.id}/${alert.revision + 1}/${part}`,
    subject: alert.id,
    content,
    ...queued,
  }));
}

function contentsOf(alert: Alert, change: Change): readonly PostContent[] {
  const message = alertMessage(alert);
  const isLong = alert.hosts.length > HOSTS_SHOWN;
  const file = isLong ? [{ kind: 'file', ...hostsFile(alert) } as const] : [];
  const edit = editOf(alert);
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
      // Hosts that were silenced leave without a reply, and new ones wait until they may be named.
      if (!isNews(change)) return [edit];
      const isBroadcast = change.kind === 'returned';
      return [edit, { kind: 'reply', message: changeMessage(change), isBroadcast }, ...file];
    }
  }
}

function isNews({ kind, added, cleared, before, after }: Change): boolean {
  if (after.card.silence !== null) return false;
  const hasFact = after.fact !== null && before?.fact === null;
  return kind !== 'changed' || added.length > 0 || cleared.length > 0 || hasFact;
}

export function alertMessage(alert: Alert): Message {
  const { sign, title } = stateTitle(alert);
  const hosts = alert.hosts.length === 0 ? '' : `. ${sayHosts(alert.hosts)}`;
  const isOver = alert.state === 'resolved';
  return {
    headline: isOver ? `${title}.` : `${title}${hosts}.`,
    blocks: [
      { kind: 'heading', text: title, sign },
      note(...stateSpans(alert)),
      ...(isOver ? proofBlocks(alert) : openBlocks(alert)),
    ],
  };
}

/** `Acknowledged: 3 blocked hosts on main`, and the sign of that state. */
function stateTitle(alert: Titled): { readonly sign: Sign; readonly title: string } {
  const { sign, says } = stateOf(alert);
  return { sign, title: `${says}: ${alertTitle(alert)} on ${alert.server}` };
}

type Titled = Pick<Alert, 'state' | 'card' | 'rule' | 'hosts' | 'server'>;

function stateOf({ state, card }: Titled): { readonly sign: Sign; readonly says: string } {
  if (state === 'resolved') return { sign: 'done', says: 'Resolved' };
  if (card.silence !== null) return { sign: 'silenced', says: 'Silenced' };
  if (state === 'acknowledged') return { sign: 'acknowledged', says: 'Acknowledged' };
  return { sign: 'firing', says: 'Firing' };
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
  // The channel shows this reply without the root message, so it says what is back.
  const first = kind === 'returned' ? [`${stateTitle(after).title}.`] : [];
  const headline = [...first, what, ...lines].join(' ');
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

function openBlocks(alert: Alert): readonly Block[] {
  const { meaning, remedy } = ruleOf(alert.rule);
  const { note: ofLook, flush: sql, silenced } = alert.card;
  const means = ofLook === '' ? meaning : `${meaning} ${ofLook}`;
  const flush = sql === null ? [] : [' To flush this server: ', code(sql)];
  return [
    ...(alert.fact === null ? [] : [paragraph(bold(alert.fact))]),
    paragraph(means, ...flush, `\n${remedy}`),
    ...(silenced > 0 ? [note(`Also silenced: ${silenced}.`)] : []),
    { kind: 'buttons', buttons: alertButtons(alert) },
    ...hostTable(alert),
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
    ...(alert.card.flush !== null ? [flushButton(server)] : []),
    silenceButton(alert),
  ];
}

function silenceButton({ rule, server, card: { silence } }: Alert): Button {
  if (silence !== null) return unsilenceButton(silence);
  const what = `${rule} on ${server}`;
  return { label: 'Silence…', line: `silence ${what}`, says: `Silence ${what} for a while` };
}

export function unsilenceButton({ id, matcher }: Silence): Button {
  const says = `End ${id}, the silence of ${matcherText(matcher)}`;
  return { label: 'End silence', line: `unsilence ${id}`, says };
}

function hostTable({ hosts, card: { newHosts, silence } }: Alert): readonly Block[] {
  const isNamed = newHosts.length === 0;
  return tableBlocks({
    columns: ['Address', 'Cached name', 'What'],
    rows: hosts.map(({ address, name, says }) => [address, name ?? 'NULL', says]),
    limit: HOSTS_SHOWN,
    note: silence === null ? `the full list ${isNamed ? 'is' : 'follows'} in the thread` : '',
  });
}

/** Old proofs are not kept, so the other hosts cannot be counted. */
function proofBlocks({ proofs }: Alert): readonly Block[] {
  const last = proofs.slice(-HOSTS_NAMED);
  if (last.length === 0) return [];
  const which = proofs.length > last.length ? ` for the last ${last.length} hosts` : '';
  return [paragraph(`How it ended${which}: ${last.join(', ')}.`)];
}

function stateSpans(alert: Alert): Spans {
  const { id, state, openedAt, resolvedAt, acknowledged, card } = alert;
  const since = [`${id} · since `, time(openedAt)];
  if (resolvedAt !== null) return text(...since, ' · resolved ', time(resolvedAt));
  const now =
    acknowledged === null
      ? [` · ${state}`]
      : [' · acknowledged by ', user(acknowledged.by), ' ', time(acknowledged.at)];
  const why = card.silence === null ? '' : `: ${card.silence.reason}`;
  return text(...since, ...now, ...silencedSpans(alert, ' · '), why);
}

/** `, silenced by … until … (SI-3)`; empty = it is not silenced. */
export function silencedSpans({ card: { silence } }: Alert, separator = ', '): Spans {
  if (silence === null) return [];
  const { id, by, endsAt } = silence;
  return text(`${separator}silenced by `, user(by), ' until ', time(endsAt), ` (${id})`);
}

function sayHosts(hosts: readonly AlertHost[]): string {
  const named = hosts.map(({ address, says }) => `${address} (${says})`);
  return listed(named, HOSTS_NAMED);
}
