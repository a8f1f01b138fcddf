import { csv } from '../chat/csv.ts';
import { type Message, sentence } from '../chat/message.ts';
import type { Post, PostContent } from '../outbox/store.ts';
import { LOST_SHOWN, lostIn } from './effects.ts';
import { type CardContext, cardMessage } from './messages.ts';
import type { FlushRequest, FlushState } from './request.ts';

/** The posts of a flush request: its card, edits of the card, and replies in its thread. */

/** The card, and in its thread a file of the locked-out clients if the card does not name all. */
export function cardPosts(request: FlushRequest, card: CardContext, at: Date): readonly Post[] {
  const afterMs = request.expiresAt.getTime() - request.requestedAt.getTime();
  const deadline = { says: 'It can be approved until ', afterMs };
  const lost = lostIn(request.shown.forecast);
  const rows = [['locked out'], ...lost.map((client) => [client])];
  const file = { kind: 'file', name: `${request.id}-locked-out.csv`, text: csv(rows) } as const;
  return [
    post(request, 'card', { kind: 'root', message: cardMessage(request, card), deadline }, at),
    ...(lost.length > LOST_SHOWN ? [post(request, 'locked-out', file, at)] : []),
  ];
}

/** The id of the post that `cardPosts` makes of the card. */
export function cardId({ id }: FlushRequest): string {
  return `${id}/card`;
}

export function editPost(request: FlushRequest, card: CardContext, at: Date): Post {
  return post(request, request.state, editOf(request, card), at);
}

/** The card of a pending request, posted anew because it was deleted. */
export function cardAgain(request: FlushRequest, card: CardContext, at: Date): Post {
  return post(request, `again/${at.getTime()}`, editOf(request, card), at);
}

/** Nobody misses the deleted card of a request that came to nothing. */
const FORGOTTEN: readonly FlushState[] = ['expired', 'rejected', 'superseded'];

function editOf(request: FlushRequest, card: CardContext): PostContent {
  const edit = { kind: 'edit', message: cardMessage(request, card) } as const;
  return FORGOTTEN.includes(request.state) ? edit : { ...edit, replacesDeleted: true };
}

export function replyPost(request: FlushRequest, key: string, message: Message, at: Date): Post {
  return post(request, key, { kind: 'reply', message, isBroadcast: false }, at);
}

/** The change to a final state, with the edited card and the evidence for the thread. */
export function endingOf(
  request: FlushRequest,
  to: FlushState,
  outcome: string,
  card: CardContext,
  at: Date,
  evidence: readonly PostContent[] = [],
) {
  const after: FlushRequest = { ...request, state: to, outcome, changedAt: at };
  const contents: readonly PostContent[] = [
    editOf(after, card),
    { kind: 'reply', message: sentence(outcome), isBroadcast: false },
    ...evidence,
  ];
  const posts = contents.map((content, part) => post(after, `${to}/${part}`, content, at));
  return { change: { outcome, at }, posts };
}

/** The cache before the statement as a CSV file; empty if it could not be read. */
export function evidenceOf({ id }: FlushRequest, csv: string | null): readonly PostContent[] {
  return csv === null ? [] : [{ kind: 'file', name: `${id}-before.csv`, text: csv }];
}

function post(
  { id, channel, thread }: FlushRequest,
  key: string,
  content: PostContent,
  queuedAt: Date,
): Post {
  // A request made from an alert keeps all its posts in the alert's thread.
  const isThreaded = thread !== null && content.kind !== 'edit';
  const placed = isThreaded ? { ...content, thread } : content;
  const place = { channel, subject: id, queuedAt, isUrgent: true } as const;
  return { id: `${id}/${key}`, content: placed, ...place };
}
