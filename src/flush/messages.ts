import { count, firstOf } from '../chat/lists.ts';
import {
  type Block,
  type Button,
  bold,
  type Message,
  note,
  paragraph,
  type Sign,
  type Spans,
  text,
  time,
  user,
} from '../chat/message.ts';
import { flushNote } from '../hostcache/release.ts';
import { approverSpans } from './approvers.ts';
import { effectLines, inTense, lostIn, sayUnjudged, warningBlocks } from './effects.ts';
import { labelOfServer } from './identity.ts';
import type { FlushTarget } from './parts.ts';
import { type FlushRequest, type FlushState, isFinal } from './request.ts';

/** The card of a flush request. Its heading changes with the state; buttons only while pending. */

const HOSTS_SHOWN = 10;

export type CardContext = Pick<FlushTarget, 'approvers'>;

export function cardMessage(request: FlushRequest, { approvers }: CardContext): Message {
  const { sign, says } = HEADS[request.state];
  const headline = `${says}: flush the host cache of ${request.server} (${request.id})`;
  return {
    headline: `${headline}${request.outcome === null ? '' : `. ${request.outcome}`}`,
    blocks: [
      { kind: 'heading', text: `${says}: flush ${request.server}`, sign },
      note(...stateSpans(request)),
      ...(request.outcome === null ? [] : [paragraph(bold(request.outcome))]),
      ...(request.state === 'pending' ? [waitingFor(approvers, request)] : []),
      ...warningBlocks(request.shown.forecast, request.state),
      paragraph(
        bold('Reason: '),
        request.reason,
        '\n',
        bold('Asked by: '),
        user(request.requester),
        ...serverSpans(request),
      ),
      { kind: 'statement', text: `${request.shown.statement};` },
      paragraph(effectOf(request)),
      ...(request.shown.entries === null ? [] : blockedBlocks(request)),
      ...(request.state === 'pending' ? [decisionBlock(request)] : []),
    ],
  };
}

/** The name of a server in the settings may lead to another machine one day. */
function serverSpans({ shown }: FlushRequest): Spans {
  const label = labelOfServer(shown.identity);
  return label === null ? [] : text('\n', bold('Server: '), label);
}

const HEADS: Readonly<Record<FlushState, { readonly sign: Sign; readonly says: string }>> = {
  pending: { sign: 'waiting', says: 'Approval needed' },
  approved: { sign: 'running', says: 'Approved, flushing' },
  flushed: { sign: 'done', says: 'Flushed' },
  failed: { sign: 'failed', says: 'Failed' },
  uncertain: { sign: 'uncertain', says: 'Uncertain, look at the server' },
  rejected: { sign: 'rejected', says: 'Rejected' },
  expired: { sign: 'expired', says: 'Expired' },
  superseded: { sign: 'replaced', says: 'Superseded' },
};

function stateSpans({
  id,
  state,
  requestedAt,
  expiresAt,
  cardAt,
  decision,
  changedAt,
}: FlushRequest): Spans {
  const asked = [`${id} · asked `, time(requestedAt)];
  // The post of the card says until when, because that is counted from when it is sent.
  if (state === 'pending' && cardAt === null) return text(...asked);
  if (state === 'pending') return text(...asked, ' · can be approved until ', time(expiresAt));
  const how = state === 'rejected' ? 'rejected' : 'approved';
  const decided =
    decision === null ? [] : [` · ${how} by `, user(decision.by), ' ', time(decision.at)];
  return text(...asked, ...decided, ` · ${state} `, time(changedAt));
}

function effectOf({ shown, state }: FlushRequest): string {
  const { entries, statement, forecast } = shown;
  const be = entries === 1 ? { will: 'is', did: 'was' } : { will: 'are', did: 'were' };
  const lost =
    entries === null
      ? 'The host cache cannot be seen, because performance_schema is off. It is unknown which hosts are blocked and what is lost, and the result cannot be saved or verified.'
      : `${count(entries, 'entry', 'entries')} ${inTense(state, { ...be, would: 'would be' })} lost, with the names and error counts of all hosts.`;
  return [lost, flushNote(statement) ?? [], effectLines(forecast, state)].flat().join('\n');
}

function blockedBlocks({ state, shown: { blockedHosts: hosts } }: FlushRequest): readonly Block[] {
  const isOpen = !isFinal(state);
  if (hosts.length === 0)
    return [paragraph(`No host ${isOpen ? 'is blocked now' : 'was blocked'}.`)];
  const lines = hosts.map(
    ({ address, connectErrors, looksLikeAttack }) =>
      `${address}: ${count(connectErrors, 'connect error')}${looksLikeAttack ? ', looks like an attack' : ''}`,
  );
  const frees = inTense(state, { will: 'frees', did: 'freed', would: 'would free' });
  const head = bold(`It ${frees} ${count(hosts.length, 'blocked host')}:`);
  const replaced =
    'If another host is blocked before the flush runs, nothing is flushed and a new request replaces this one.';
  return [
    paragraph(head, `\n${firstOf(lines, HOSTS_SHOWN).join('\n')}`),
    ...(isOpen ? [note(replaced)] : []),
  ];
}

function decisionBlock({ id, server, shown: { forecast } }: FlushRequest): Block {
  const unjudged = sayUnjudged(forecast);
  const lost = lostIn(forecast).length;
  const warnings = [
    ...(unjudged === null
      ? []
      : [`${unjudged} The flush may lock them out, or change their accounts.`]),
    ...(lost === 0 ? [] : [`It locks out ${count(lost, 'client')}.`]),
  ];
  const approve: Button = {
    label: 'Approve and flush',
    line: `approve ${id}`,
    says: `Approve ${id} and flush the host cache of ${server}`,
    style: 'primary',
    confirm: {
      title: unjudged === null ? 'Flush the host cache?' : 'Flush without knowing the effect?',
      text: `${warnings.map((each) => `${each} `).join('')}${server} forgets the name and errors of every host. Blocked hosts can connect again, including attackers.`,
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
function waitingFor(approvers: readonly string[], { requester }: FlushRequest): Block {
  if (approvers.length === 0) return paragraph('Nobody can approve: APPROVERS is empty.');
  const others = approverSpans(approvers, requester);
  if (others.length === 0) {
    return paragraph('Nobody can approve: the requester is the only one in APPROVERS.');
  }
  return paragraph('Waiting for one of ', ...others, '. The requester cannot approve.');
}
