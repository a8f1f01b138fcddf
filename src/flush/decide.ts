import { addSeconds } from 'date-fns/addSeconds';
import { link, type Spans, sentence, text, user } from '../chat/message.ts';
import { targetNamed } from '../chat/on-servers.ts';
import { answer, isReply, type Reply, refuse } from '../chat/reply.ts';
import type { Ask, Request, Subcommand } from '../chat/subcommand.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { shorten } from '../chat/words.ts';
import { toKnown } from '../diagnosis/evidence.ts';
import type { Post } from '../outbox/store.ts';
import { deciderOf, withOneRequester } from './approvers.ts';
import { whyUnseen } from './card.ts';
import { execute, withRequestLease } from './flush.ts';
import { rejectForm } from './form.ts';
import { cardMessage } from './messages.ts';
import type { FlushParts, FlushTarget } from './parts.ts';
import { editPost, replyPost } from './posts.ts';
import { recordGuarded, refuseAudited, requestId } from './refusals.ts';
import {
  clockFault,
  type Decision,
  decidedAlready,
  type FlushRequest,
  refusal,
  sayRejected,
} from './request.ts';

/** `approve` and `reject`: check the person who clicked, then decide in one conditional UPDATE. */

/** Accepted difference between Slack's clock and ours. */
const CLOCKS_DIFFER_SECONDS = 60;

const REJECTION: Ask = { name: 'reason', label: 'Why not', max: 300, isOptional: true };

export const approveCommand: Subcommand<FlushParts> = {
  name: 'approve',
  usage: 'approve <request>',
  summary: 'Shows a flush request with its Approve button.',
  example: 'approve FR-1042',
  surfaces: ['slack'],
  needs: ['mysql', 'state', 'slack'],
  refused: recordGuarded(({ caller }) =>
    caller.kind === 'person' && caller.isClick ? 'approved' : 'shown',
  ),
  clickDecides: true,
  changes: 'decided',
  run: approve,
  repeated: decidedBefore,
};

export const rejectCommand: Subcommand<FlushParts> = {
  name: 'reject',
  usage: 'reject <request> [<reason>]',
  summary: 'Rejects a flush request.',
  example: 'reject FR-1042 not while the load balancer probes',
  surfaces: ['slack'],
  needs: ['state', 'slack'],
  changes: 'decided',
  asks: ({ words, caller }) =>
    words.length < 2 && caller.kind === 'person' && caller.isClick ? [REJECTION] : [],
  form: ({ words }, parts) => rejectForm(words[0] ?? '', parts),
  refused: recordGuarded(() => 'rejected'),
  run: reject,
  repeated: decidedBefore,
};

/** A click decides. Typed, it shows the card privately and decides nothing. */
async function approve(asked: Request, parts: FlushParts): Promise<Reply> {
  const { caller, words } = asked;
  const [, more] = words;
  // Extra words, such as a server, must not be ignored when a flush would run.
  if (more !== undefined) {
    const says = `approve: expected only the id of a flush request, got "${shorten(more)}" after it.`;
    return refuse(says);
  }
  return withRequest(asked, 'approve', parts, async (request, target) => {
    if (caller.kind !== 'person' || !caller.isClick) {
      const unseen = request.state === 'pending' ? await whyUnseen(request, parts) : null;
      if (unseen !== null) return refuse(unseen);
      return answer(cardMessage(request, await withOneRequester(target, request.requester, parts)));
    }
    const decision = { by: caller.user, reason: null };
    const decided = await decide(request, 'approved', decision, target, parts);
    if (isReply(decided)) return decided;
    const run = () => execute(decided, target, parts);
    parts.inBackground(withRequestLease(decided, parts, run));
    return answer(
      sentence(`${request.id} is approved. The flush runs now; its thread reports the result.`),
    );
  });
}

async function reject(asked: Request, parts: FlushParts): Promise<Reply> {
  const { caller, words } = asked;
  return withRequest(asked, 'reject', parts, async (request, target) => {
    if (caller.kind !== 'person') return refuse('reject: only a person in Slack can reject.');
    const decision = { by: caller.user, reason: words.slice(1).join(' ').trim() || null };
    const decided = await decide(request, 'rejected', decision, target, parts);
    if (isReply(decided)) return decided;
    return answer(sentence(`${request.id} is rejected.`));
  });
}

/** null = it is not decided. */
async function decidedBefore({ words }: Request, { flushes }: FlushParts): Promise<Reply | null> {
  const request = await flushes.find((words[0] ?? '').toUpperCase());
  return request === null || request.state === 'pending' ? null : refuse(decidedAlready(request));
}

/** The request after the decision, or why nothing was decided. */
async function decide(
  request: FlushRequest,
  to: 'approved' | 'rejected',
  { by, reason }: Pick<Decision, 'by' | 'reason'>,
  target: FlushTarget,
  parts: FlushParts,
): Promise<FlushRequest | Reply> {
  const { flushes, now, wake } = parts;
  const approvers = await parts.membersOf(target.approvers);
  const person = await deciderOf(by, request, target, parts);
  const decider = approvers === null ? { ...person, isApprover: null } : person;
  const at = now();
  const deny = (spans: Spans) => refuseAudited(request, by, `refused to be ${to}`, spans, parts);
  const why = refusal(request, decider, at) ?? (to === 'approved' ? clockFault(request, at) : null);
  if (why !== null) return deny(why);
  const decision: Decision = { by, at, reason, approvers: approvers ?? [] };
  const outcome = to === 'rejected' ? sayRejected(decision) : null;
  const after: FlushRequest = { ...request, state: to, decision, outcome, changedAt: at };
  const posts = [
    editPost(after, target, at),
    replyPost(after, `${to}/said`, sentence(decisionSpans(after, decision)), at),
  ];
  const isStored = await storeDecision(request.id, to, decision, posts, parts);
  if (isStored !== true && isStored !== false) return isStored;
  if (!isStored) {
    const latest = (await flushes.find(request.id)) ?? request;
    return deny(refusal(latest, decider, now()) ?? text(`${request.id} is already decided.`));
  }
  wake();
  return after;
}

/** Whether this decision is stored; if the state did not answer, and does not show it, that is not known. */
async function storeDecision(
  id: string,
  to: 'approved' | 'rejected',
  decision: Decision,
  posts: readonly Post[],
  { flushes }: FlushParts,
): Promise<boolean | Reply> {
  try {
    return await flushes.decide(id, to, decision, posts);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const latest = await toKnown(flushes.find(id));
    const stored = latest.known ? latest.value?.decision : null;
    if (stored?.by === decision.by && stored.at.getTime() === decision.at.getTime()) return true;
    return refuse(
      `It is not known whether ${id} is ${to}: ${error.message} Its card shows what is stored.`,
      3,
    );
  }
}

/** For the thread, as evidence: who decided, and why. */
function decisionSpans({ id, state }: FlushRequest, { by, reason }: Decision): Spans {
  const because = reason === null ? '' : `: ${reason}`;
  return text(`${id} is ${state} by `, user(by), `${because}.`);
}

async function withRequest(
  asked: Request,
  name: string,
  parts: FlushParts,
  act: (request: FlushRequest, target: FlushTarget) => Promise<Reply>,
): Promise<Reply> {
  const [word = ''] = asked.words;
  const id = requestId(word);
  if (id === null) {
    return refuse(`${name}: expected the id of a flush request, such as FR-1042, got "${word}".`);
  }
  const by = asked.caller.kind === 'person' ? asked.caller.user : null;
  try {
    const request = await parts.flushes.find(id);
    if (request === null) return refuse(`There is no flush request ${id}.`);
    const target = targetNamed(request.server, parts);
    if (target === undefined) {
      const says = `${id} requests a flush of ${request.server}, which is no longer in the settings. Nothing was run.`;
      return await refuseAudited(request, by, 'refused', text(says), parts);
    }
    const elsewhere = await ofAnotherCard(request, asked, parts);
    if (elsewhere === null) return await act(request, target);
    return await refuseAudited(request, by, 'refused', elsewhere, parts);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return refuse(`Nothing was decided: ${error.message}`, 3);
  }
}

/**
 * Refuses a click on a card that belongs to an older request with the same id: ids start again when
 * the state is lost. null = the card is this request's.
 */
async function ofAnotherCard(
  { id, thread, requestedAt }: FlushRequest,
  { caller }: Request,
  parts: FlushParts,
): Promise<Spans | null> {
  if (caller.kind !== 'person' || !caller.isClick) return null;
  const { shownAt } = caller;
  // A private card can be in any thread, so only its age can be compared.
  const isPrivate = shownAt !== undefined;
  const isOlder = isPrivate && requestedAt > addSeconds(shownAt, CLOCKS_DIFFER_SECONDS);
  if (!isOlder && (isPrivate || caller.thread === null)) return null;
  const card = await parts.cardOf(id);
  const isThere = caller.thread !== null && caller.thread === (thread ?? card?.ts);
  const isNew = card === null && !(await isCardOfOther(id, caller.thread, parts));
  if (!isOlder && (isThere || isNew)) return null;
  const url = await parts.linkTo(id);
  const where = url === null ? [] : [': ', link(id, url)];
  return text(`This card is out of date; ${id} has a newer one`, ...where, '.');
}

/** Requests whose cards people may still click. */
const RECENT = 20;

/** Whether the message is the card of another request. */
async function isCardOfOther(
  id: string,
  ts: string | null,
  { flushes, cardOf }: FlushParts,
): Promise<boolean> {
  const others = (await flushes.history(null, RECENT)).filter((other) => other.id !== id);
  const cards = await Promise.all(others.map((other) => cardOf(other.id)));
  return ts !== null && cards.some((card) => card?.ts === ts);
}
