import { link, type Message, type Spans, sentence, text, user } from '../chat/message.ts';
import { joinParts, type Reply, type Request, refusal as refused } from '../chat/subcommand.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { shorten } from '../diagnosis/fault.ts';
import { execute, type FlushableServer } from './flush.ts';
import { cardMessage } from './messages.ts';
import { editParcel, replyParcel } from './parcels.ts';
import { clockFault, type Decision, type FlushRequest, refusal } from './request.ts';
import { type FlushCommandParts, requestIdIn } from './wish.ts';

/** The decision: the clicker's authority, one conditional UPDATE, everybody else is told. */

/** The chat's clock and ours may be apart by so much. */
const CLOCKS_DIFFER_MS = 60_000;

/** A click decides; typed, it shows the card privately and decides nothing. */
export async function approve(asked: Request, parts: FlushCommandParts): Promise<Reply> {
  const [, more] = asked.words;
  // What else was said, such as a server, would be passed over, and the flush would run.
  if (more !== undefined) {
    const says = `approve: expected only the id of a flush request, got "${shorten(more)}" after it.`;
    return joinParts([refused(says, 2)]);
  }
  return withRequest(asked, 'approve', parts, async (request, server) => {
    if (asked.caller.kind !== 'person' || !asked.caller.isClick) {
      return answer(cardMessage(request, server), 0);
    }
    const decided = await decide(
      request,
      'approved',
      { by: asked.caller.user, reason: null },
      server,
      parts,
    );
    if ('headline' in decided) return answer(decided, 2);
    parts.inBackground(execute(decided, server, parts));
    return answer(
      sentence(`${request.id} is approved; the flush runs now, its thread tells how it ends.`),
      0,
    );
  });
}

export async function reject(asked: Request, parts: FlushCommandParts): Promise<Reply> {
  return withRequest(asked, 'reject', parts, async (request, server) => {
    if (asked.caller.kind !== 'person') return answer(sentence('A person rejects, in Slack.'), 2);
    const reason = asked.words.slice(1).join(' ').trim() || null;
    const decided = await decide(
      request,
      'rejected',
      { by: asked.caller.user, reason },
      server,
      parts,
    );
    if ('headline' in decided) return answer(decided, 2);
    return answer(sentence(`${request.id} is rejected.`), 0);
  });
}

/** The request as it stands after the decision, or why there was none. */
async function decide(
  request: FlushRequest,
  to: 'approved' | 'rejected',
  { by, reason }: Pick<Decision, 'by' | 'reason'>,
  server: FlushableServer,
  parts: FlushCommandParts,
): Promise<FlushRequest | Message> {
  const { store, now, wake } = parts;
  const approvers = await parts.membersOf(server.approvers);
  const at = now();
  const refuse = async (spans: Spans) => {
    await store.audit({
      request: request.id,
      at,
      by,
      what: `refused to be ${to}: ${plain(spans)}`,
    });
    return messageOf(spans);
  };
  const why =
    refusal(request, by, at, approvers) ?? (to === 'approved' ? clockFault(request, at) : null);
  if (why !== null) return refuse(why);
  const decision: Decision = { by, at, reason, approvers: approvers ?? [] };
  const outcome = to === 'rejected' ? `Rejected${reason === null ? '' : `: ${reason}`}.` : null;
  const after: FlushRequest = { ...request, state: to, decision, outcome, changedAt: at };
  const parcels = [
    editParcel(after, server, at),
    replyParcel(after, `${to}/said`, decisionMessage(after, decision), at),
  ];
  if (!(await store.decide(request.id, to, decision, parcels))) {
    const latest = (await store.find(request.id)) ?? request;
    return refuse(
      refusal(latest, by, now(), approvers) ?? text(`${request.id} is decided already.`),
    );
  }
  wake();
  return after;
}

/** For the thread, which is the evidence: who decided, and why. */
function decisionMessage({ id, state }: FlushRequest, { by, reason }: Decision): Message {
  const because = reason === null ? '' : `: ${reason}`;
  return messageOf(text(`${id} is ${state} by `, user(by), `${because}.`));
}

async function withRequest(
  asked: Request,
  name: string,
  parts: FlushCommandParts,
  act: (request: FlushRequest, server: FlushableServer) => Promise<Reply>,
): Promise<Reply> {
  const id = requestIdIn(asked, name);
  if (typeof id !== 'string') return id.fault;
  try {
    const request = await parts.store.find(id);
    if (request === null) return joinParts([refused(`There is no flush request ${id}.`, 2)]);
    const server = parts.servers.find(({ target }) => target.server.name === request.server);
    if (server === undefined) {
      const says = `${id} asks for a flush of ${request.server}, which is not in the settings any more: nothing runs.`;
      await auditRefusal(asked, request, says, parts);
      return joinParts([refused(says, 2)]);
    }
    const elsewhere = await ofAnotherCard(request, asked, parts);
    if (elsewhere === null) return await act(request, server);
    await auditRefusal(asked, request, elsewhere.headline, parts);
    return answer(elsewhere, 2);
  } catch (error) {
    // Without the state nobody can be sure what was decided: nothing runs.
    if (!isUnreadable(error)) throw error;
    return joinParts([refused(`Nothing was decided: ${error.message}`, 3)]);
  }
}

async function auditRefusal(
  { caller }: Request,
  { id }: FlushRequest,
  says: string,
  { store, now }: FlushCommandParts,
): Promise<void> {
  const by = caller.kind === 'person' ? caller.user : null;
  await store.audit({ request: id, at: now(), by, what: `refused: ${says}` });
}

/**
 * A card that is not this request's, though its button names it: the state was begun anew since, and
 * its ids with it. null: nothing speaks against it.
 */
async function ofAnotherCard(
  { id, thread, requestedAt }: FlushRequest,
  { caller }: Request,
  { cardOf, linkTo }: FlushCommandParts,
): Promise<Message | null> {
  if (caller.kind !== 'person' || !caller.isClick) return null;
  const { shownAt } = caller;
  // A private card stands in no thread: it shows the request as it was when the card was written.
  const isOlder =
    shownAt !== undefined && requestedAt.getTime() - shownAt.getTime() > CLOCKS_DIFFER_MS;
  if (caller.thread === null && !isOlder) return null;
  const card = await cardOf(id);
  const isThere = caller.thread !== null && caller.thread === (thread ?? card?.ts);
  if (!isOlder && (card === null || isThere)) return null;
  const url = await linkTo(id);
  const where = url === null ? [] : [': ', link(id, url)];
  return messageOf(text(`This is an old card; ${id} has another one. Look at that`, ...where, '.'));
}

function messageOf(spans: Spans): Message {
  return { headline: plain(spans), blocks: [{ kind: 'text', spans }] };
}

/** For a notification and the audit, which take no markup. */
function plain(spans: Spans): string {
  return spans
    .map((span) => {
      if (span.kind === 'user') return span.id;
      return span.kind === 'time' ? span.at.toISOString() : span.text;
    })
    .join('');
}

function answer(message: Message, exit: Reply['exit']): Reply {
  return joinParts([{ message, rows: [], exit }]);
}
