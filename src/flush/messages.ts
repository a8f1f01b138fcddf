import { count, firstOf } from '../chat/lists.ts';
import {
  type Block,
  type Button,
  bold,
  type Message,
  note,
  paragraph,
  type Spans,
  text,
  time,
  user,
} from '../chat/message.ts';
import { flushNote } from '../hostcache/release.ts';
import type { FlushTarget } from './parts.ts';
import type { BlockedHost, FlushRequest, FlushState } from './request.ts';

/** The card of a flush request. Its heading changes with the state; buttons only while pending. */

const HOSTS_SHOWN = 10;

/** More mentions would not fit beside a long reason; use groups for more approvers. */
const APPROVERS_NAMED = 40;

export type CardContext = Pick<FlushTarget, 'approvers'>;

export function cardMessage(request: FlushRequest, { approvers }: CardContext): Message {
  const head = HEADS[request.state];
  const headline = `${head}: flush the host cache of ${request.server} (${request.id})`;
  return {
    headline: `${headline}${request.outcome === null ? '' : `. ${request.outcome}`}`,
    blocks: [
      { kind: 'heading', text: `${head}: flush ${request.server}` },
      note(...stateSpans(request)),
      ...(request.outcome === null ? [] : [paragraph(bold(request.outcome))]),
      paragraph(
        bold('Reason: '),
        request.reason,
        '\n',
        bold('Asked by: '),
        user(request.requester),
      ),
      ...(request.state === 'pending' ? [waitingFor(approvers)] : []),
      { kind: 'statement', text: `${request.shown.statement};` },
      paragraph(effectOf(request)),
      ...(request.shown.entries === null ? [] : blockedBlocks(request.shown.blockedHosts)),
      ...(request.state === 'pending' ? [decisionBlock(request)] : []),
    ],
  };
}

const HEADS: Readonly<Record<FlushState, string>> = {
  pending: 'Approval needed',
  approved: 'Approved, flushing',
  flushed: 'Flushed',
  failed: 'Failed',
  uncertain: 'Uncertain, look at the server',
  rejected: 'Rejected',
  expired: 'Expired',
  superseded: 'Superseded',
};

function stateSpans({
  id,
  state,
  requestedAt,
  expiresAt,
  decision,
  changedAt,
}: FlushRequest): Spans {
  const asked = [`${id} · asked `, time(requestedAt)];
  if (state === 'pending') return text(...asked, ' · can be approved until ', time(expiresAt));
  const how = state === 'rejected' ? 'rejected' : 'approved';
  const decided =
    decision === null ? [] : [` · ${how} by `, user(decision.by), ' ', time(decision.at)];
  return text(...asked, ...decided, ` · ${state} `, time(changedAt));
}

function effectOf({ shown }: FlushRequest): string {
  const lost =
    shown.entries === null
      ? 'The host cache cannot be seen, because performance_schema is off. It is unknown which hosts are blocked and what is lost, and the result cannot be saved or verified.'
      : `${count(shown.entries, 'entry is', 'entries are')} lost, with the names and error counts of all hosts.`;
  return [lost, flushNote(shown.statement) ?? [], shown.forecast].flat().join('\n');
}

function blockedBlocks(hosts: readonly BlockedHost[]): readonly Block[] {
  if (hosts.length === 0) return [paragraph('No host is blocked now.')];
  const lines = hosts.map(
    ({ address, connectErrors, looksLikeAttack }) =>
      `${address}: ${count(connectErrors, 'connect error')}${looksLikeAttack ? ', looks like an attack' : ''}`,
  );
  const head = bold(`It frees ${count(hosts.length, 'blocked host')}:`);
  return [
    paragraph(head, `\n${firstOf(lines, HOSTS_SHOWN).join('\n')}`),
    note(
      'If another host is blocked before the flush runs, nothing is flushed and a new request replaces this one.',
    ),
  ];
}

function decisionBlock({ id, server }: FlushRequest): Block {
  const approve: Button = {
    label: 'Approve and flush',
    line: `approve ${id}`,
    says: `Approve ${id} and flush the host cache of ${server}`,
    style: 'primary',
    confirm: {
      title: 'Flush the host cache?',
      text: `${server} forgets the name and errors of every host. Blocked hosts can connect again, including attackers.`,
      yes: 'Flush',
      no: 'Go back',
    },
  };
  const reject: Button = {
    label: 'Reject…',
    line: `reject ${id}`,
    says: `Reject ${id}`,
    style: 'danger',
  };
  return { kind: 'buttons', buttons: [approve, reject] };
}

/** Mentions notify people, so they come before long texts and are never cut off. */
function waitingFor(approvers: readonly string[]): Block {
  if (approvers.length === 0) return paragraph('Nobody can approve: APPROVERS is empty.');
  const named = approvers
    .slice(0, APPROVERS_NAMED)
    .flatMap((each, index) => (index === 0 ? [user(each)] : [' ', user(each)]));
  const more = approvers.length - APPROVERS_NAMED;
  const rest = more > 0 ? ` + ${more} more` : '';
  return paragraph('Waiting for one of ', ...named, `${rest}. The requester cannot approve.`);
}
