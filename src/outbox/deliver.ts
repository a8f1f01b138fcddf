import { addMilliseconds } from 'date-fns/addMilliseconds';
import { millisecondsInDay } from 'date-fns/constants';
import type { Log } from '../chat/log.ts';
import { type Message, note, sentence, time, withoutCalls } from '../chat/message.ts';
import { type Chat, type Delivery, FORMS, type Form, type NewMessage } from './chat.ts';
import type { PostContent, RootMessage, TakenPost } from './store.ts';

/** Sends one post; if it may have been sent before, searches for it first. Does I/O. */

export interface DeliverParts {
  readonly chat: Chat;
  /** Marks in the store that sending begins; false = another process has the post, or it has ended. */
  readonly begin: () => Promise<boolean>;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * How long people have to fix a refusal, for example by inviting the bot. After that the post is
 * given up; otherwise it would stay in the state forever.
 */
const WAIT_MS = millisecondsInDay;

/** A message sent later than this says so. */
const LATE_MS = 60_000;

/** After this many sendings with an unknown result, a message is sent in a simpler form. */
const WHOLE_TRIES = 3;

/**
 * null = another process has the post, or it has ended. Rejects if the store cannot mark that sending
 * begins; then nothing was sent.
 */
export async function deliver(post: TakenPost, parts: DeliverParts): Promise<Delivery | null> {
  const { begin, now } = parts;
  const { content, root } = post;
  // It belongs in the thread of a message that was never posted.
  if (root === null && (content.kind === 'reply' || content.kind === 'file')) {
    const why = 'its root message was never posted';
    return { kind: 'refused', why, code: 'no_root', cause: 'content' };
  }
  const earlier = post.wasBegun ? await lookFor(post, parts) : null;
  if (earlier !== null) return earlier;
  if (!(await begin())) return null;
  return waiting(await send(post, parts), post, now());
}

/** The delivery, or when to try again: others go ahead of a message that alone may be the problem. */
function waiting(delivery: Delivery, post: TakenPost, now: Date): Delivery {
  if (delivery.kind === 'retry') {
    const isPlain = delivery.afterMs === null && formOf(post) === 'one line';
    return isPlain ? { ...delivery, isAside: true } : delivery;
  }
  const agedMs = now.getTime() - post.queuedAt.getTime();
  const waits = delivery.kind === 'refused' && delivery.cause === 'outside' && agedMs <= WAIT_MS;
  if (!waits) return delivery;
  return { kind: 'retry', why: delivery.why, mayBeSent: false, afterMs: null, isAside: true };
}

/** The form to send now: simpler after sendings with an unknown result, which may never be accepted. */
export function formOf({ repeats, wasBegun }: Pick<TakenPost, 'repeats' | 'wasBegun'>): Form {
  const failures = repeats + (wasBegun ? 1 : 0);
  return FORMS[Math.max(0, failures - WHOLE_TRIES + 1)] ?? 'one line';
}

/** The message to send now; it says until when it counts, and a late one when it was seen. */
export function asSentAt(now: Date, content: PostContent, queuedAt: Date): Message {
  const message = messageOf(content);
  const deadline = content.kind === 'root' ? content.deadline : undefined;
  const isLate = now.getTime() - queuedAt.getTime() > LATE_MS;
  const notes = [
    ...(deadline === undefined
      ? []
      : [note(deadline.says, time(addMilliseconds(now, deadline.afterMs)))]),
    ...(isLate
      ? [note('Delayed: seen at ', time(queuedAt), '; it could not be posted sooner.')]
      : []),
  ];
  if (notes.length === 0) return message;
  const [first, ...others] = message.blocks;
  return {
    headline: isLate ? `${message.headline} (delayed)` : message.headline,
    // At the end of a long message, the notes would be cut first.
    blocks: first === undefined ? notes : [first, ...notes, ...others],
  };
}

/** The result of an earlier sending; null = it was not sent, as far as can be known. */
async function lookFor(post: TakenPost, parts: DeliverParts): Promise<Delivery | null> {
  // Making an edit twice does no harm.
  if (post.content.kind === 'edit' && post.root !== null) return null;
  return await searchIn(placeOf(post), post, parts);
}

async function searchIn(
  place: Place,
  { id, subject, queuedAt }: TakenPost,
  { chat, log }: DeliverParts,
): Promise<Delivery | null> {
  const found = await chat.find({ ...place, key: id, sinceAt: queuedAt });
  if (found?.kind !== 'refused') return found;
  // Sending it twice is better than losing it.
  log.warn('a post that may have been sent is sent again', { id, subject, why: found.why });
  return null;
}

async function send(post: TakenPost, parts: DeliverParts): Promise<Delivery> {
  const { content, root } = post;
  const delivery =
    content.kind === 'edit' && root !== null
      ? await edit(root, post, parts)
      : await add(post, placeOf(post), parts);
  if (delivery.kind !== 'refused' || delivery.cause !== 'gone') return delivery;
  const place = otherPlaceOf(post);
  if (place === null) return delivery;
  // It may have been posted there before, without an answer.
  const earlier = post.wasBegun ? await searchIn(place, post, parts) : null;
  return earlier ?? (await add(post, place, parts));
}

type Place = Pick<NewMessage, 'channel' | 'thread'>;

/** Where a post goes if its message or thread was deleted; null = nowhere. */
function otherPlaceOf({ channel, content, root }: TakenPost): Place | null {
  if (content.kind === 'edit') {
    return content.replacesDeleted === true ? { channel, thread: null } : null;
  }
  // The thread is that of another subject's message; the post can go to its own.
  return content.thread === undefined ? null : { channel, thread: root?.ts ?? null };
}

async function add(post: TakenPost, place: Place, parts: DeliverParts): Promise<Delivery> {
  const { chat, now, log } = parts;
  const { id: key, content, queuedAt } = post;
  const form = formOf(post);
  const { channel, thread } = place;
  if (content.kind === 'file' && thread !== null && form !== 'one line') {
    return await chat.upload({ channel, thread, name: content.name, content: content.text, key });
  }
  if (content.kind === 'file') log.error('a file is not uploaded', { key, name: content.name });
  const whole = asSentAt(now(), content, queuedAt);
  const message = wasSeen(post) ? withoutCalls(whole) : whole;
  const isBroadcast = content.kind === 'reply' ? content.isBroadcast : thread !== null;
  return await chat.post({ ...place, message, form, key, isBroadcast });
}

/** Whether people have seen the alert: its root was posted and then deleted, or it is over. */
function wasSeen({ content, root }: TakenPost): boolean {
  return content.kind === 'edit' && (root !== null || content.replacesDeleted !== true);
}

function edit(root: RootMessage, post: TakenPost, { chat, now }: DeliverParts): Promise<Delivery> {
  const message = asSentAt(now(), post.content, post.queuedAt);
  return chat.edit({ ...root, message, form: formOf(post) });
}

function messageOf(content: PostContent): Message {
  if (content.kind !== 'file') return content.message;
  return sentence(`The file ${content.name} could not be uploaded. Details are in the log.`);
}

/**
 * Where a post goes. An edit goes to the channel; everything else goes to `content.thread` if it is
 * set. Without it, a root goes to the channel, and a reply or a file to the root's thread.
 */
function placeOf({ channel, content, root }: TakenPost): Place {
  if (content.kind === 'edit') return { channel, thread: null };
  const thread = content.thread ?? null;
  if (content.kind === 'root' || root === null) return { channel, thread };
  return { channel: root.channel, thread: thread ?? root.ts };
}
