import { csv } from '../chat/csv.ts';
import { tableBlocks } from '../chat/listing.ts';
import { listed } from '../chat/lists.ts';
import {
  type Block,
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
import type { Post, PostContent } from '../outbox/store.ts';
import { type Alert, alertTitle } from './alert.ts';
import { alertButtons } from './alert-buttons.ts';
import { type Callout, callBlocks, NO_CALLOUT, runbookLinks } from './callout.ts';
import type { Change } from './reconcile.ts';
import { ruleOf } from './rules/index.ts';
import type { AlertHost } from './rules/rule.ts';

/** The posts about an alert: a root message once, then edits of it and replies in its thread. */

/** If there are more hosts, a file in the thread lists all of them. */
const HOSTS_SHOWN = 10;
const HOSTS_NAMED = 3;

/** The channel of the posts, and when they were stored. */
interface Queued extends Pick<Post, 'channel' | 'queuedAt'> {
  /** Of the alert's server. */
  readonly callout?: Callout | undefined;
}

/** The edit that shows the alert as it is after its next save. */
export function editPost(alert: Alert, { callout = NO_CALLOUT, ...queued }: Queued): Post {
  const content = editOf(alert, callout);
  return { id: `${alert.id}/${alert.revision + 1}/0`, subject: alert.id, content, ...queued };
}

/** The message of an open alert is posted anew if somebody has deleted it. */
function editOf(alert: Alert, callout: Callout): PostContent {
  const edit = { kind: 'edit', message: alertMessage(alert, callout) } as const;
  return alert.state === 'resolved' ? edit : { ...edit, replacesDeleted: true };
}

export function postsOf(
  alert: Alert,
  change: Change,
  { callout = NO_CALLOUT, ...queued }: Queued,
): readonly Post[] {
  return contentsOf(alert, change, callout).map((content, part) => ({
    // The revision grows with each save, so two changes never have the same post ids.
    id: `${alert.id}/${alert.revision + 1}/${part}`,
    subject: alert.id,
    content,
    ...queued,
  }));
}

function contentsOf(alert: Alert, change: Change, callout: Callout): readonly PostContent[] {
  const message = alertMessage(alert, callout);
  const isLong = alert.hosts.length > HOSTS_SHOWN;
  const file = isLong ? [{ kind: 'file', ...hostsFile(alert) } as const] : [];
  const edit = editOf(alert, callout);
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
      const told = changeMessage(change, callout);
      return [edit, { kind: 'reply', message: told, isBroadcast }, ...file];
    }
  }
}

function isNews({ kind, added, cleared, before, after }: Change): boolean {
  if (after.card.silence !== null) return false;
  const hasFact = after.fact !== null && before?.fact === null;
  return kind !== 'changed' || added.length > 0 || cleared.length > 0 || hasFact;
}

export function alertMessage(alert: Alert, callout: Callout = NO_CALLOUT): Message {
  const { sign, title } = stateTitle(alert);
  const hosts = alert.hosts.length === 0 ? '' : `. ${sayHosts(alert.hosts)}`;
  const isOver = alert.state === 'resolved';
  return {
    headline: isOver ? `${title}.` : `${title}${hosts}.`,
    blocks: [
      { kind: 'heading', text: title, sign },
      note(...stateSpans(alert)),
      ...callBlocks(alert, callout),
      ...(isOver ? proofBlocks(alert) : openBlocks(alert, callout)),
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
export function changeMessage(
  { kind, after, added, cleared }: Change,
  callout: Callout = NO_CALLOUT,
): Message {
  const gone = cleared.map(({ host, proof }) => `${host.address}: ${proof}`);
  const lines = [
    ...(added.length > 0 ? [`New: ${sayHosts(added)}.`] : []),
    ...(gone.length > 0 ? [`No longer: ${listed(gone, HOSTS_NAMED)}.`] : []),
    ...(after.fact !== null && added.length === 0 ? [after.fact] : []),
  ];
  const what = kind === 'resolved' ? 'Resolved.' : kind === 'returned' ? 'It is back.' : 'Changed.';
  // The channel shows this reply without the root message, so it says what is back.
  const isBack = kind === 'returned';
  const first = isBack ? [`${stateTitle(after).title}.`] : [];
  const headline = [...first, what, ...lines].join(' ');
  const calls = isBack ? callBlocks(after, callout) : [];
  return { headline, blocks: [...calls, paragraph([what, ...lines].join('\n'))] };
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

function openBlocks(alert: Alert, callout: Callout): readonly Block[] {
  const { meaning, remedy } = ruleOf(alert.rule);
  const { note: ofLook, flush: sql, silenced } = alert.card;
  const means = ofLook === '' ? meaning : `${meaning} ${ofLook}`;
  const flush = sql === null ? [] : [' To flush this server: ', code(sql)];
  return [
    ...(alert.fact === null ? [] : [paragraph(bold(alert.fact))]),
    paragraph(means, ...flush, `\n${remedy}`),
    ...(silenced > 0 ? [note(`Also silenced: ${silenced}.`)] : []),
    { kind: 'buttons', buttons: alertButtons(alert), links: runbookLinks(alert, callout) },
    ...hostTable(alert),
  ];
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
