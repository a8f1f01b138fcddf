import { millisecondsInDay } from 'date-fns/constants';
import type { Log } from '../chat/log.ts';
import { type Message, text, time } from '../chat/message.ts';
import type { Chat, Delivery, NewMessage } from './chat.ts';
import type { TakenPost } from './store.ts';

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

/**
 * null = another process has the post, or it has ended. Rejects if the store cannot mark that sending
 * begins; then nothing was sent.
 */
export async function deliver(post: TakenPost, parts: DeliverParts): Promise<Delivery | null> {
  const { chat, begin, now } = parts;
  const { content, root } = post;
  // It belongs in the thread of a message that was never posted.
  if (root === null && (content.kind === 'reply' || content.kind === 'file')) {
    const why = 'its root message was never posted';
    return { kind: 'refused', why, code: 'no_root', mayPass: false };
  }
  const earlier = post.wasBegun ? await lookFor(post, parts) : null;
  if (earlier !== null) return earlier;
  if (!(await begin())) return null;
  const delivery = await send(post, chat, now());
  const agedMs = now().getTime() - post.queuedAt.getTime();
  if (delivery.kind !== 'refused' || !delivery.mayPass || agedMs > WAIT_MS) return delivery;
  return { kind: 'retry', why: delivery.why, mayBeSent: false, afterMs: null };
}

/** The message to send now; a late one says when it was seen. */
export function asSentAt(now: Date, message: Message, queuedAt: Date): Message {
  if (now.getTime() - queuedAt.getTime() <= LATE_MS) return message;
  const note = {
    kind: 'note',
    spans: text('Delayed: seen at ', time(queuedAt), '; it could not be posted sooner.'),
  } as const;
  const [first, ...others] = message.blocks;
  return {
    headline: `${message.headline} (delayed)`,
    // At the end of a long message, the note would be cut first.
    blocks: first === undefined ? [note] : [first, note, ...others],
  };
}

/** The result of an earlier sending; null = it was not sent, as far as can be known. */
async function lookFor(post: TakenPost, { chat, log }: DeliverParts): Promise<Delivery | null> {
  const { id, subject, content, root, queuedAt } = post;
  // Making an edit twice does no harm.
  if (content.kind === 'edit' && root !== null) return null;
  const found = await chat.find({ ...placeOf(post), key: id, sinceAt: queuedAt });
  if (found?.kind !== 'refused') return found;
  // Sending it twice is better than losing it.
  log.warn('a post that may have been sent is sent again', { id, subject, why: found.why });
  return null;
}

async function send(post: TakenPost, chat: Chat, now: Date): Promise<Delivery> {
  const { id: key, content, root, queuedAt } = post;
  if (content.kind === 'file') {
    const { channel, thread } = placeOf(post);
    // deliver() has refused a file without a root.
    if (thread === null) throw new Error(`the file ${key} has no thread`);
    return await chat.upload({ channel, thread, name: content.name, content: content.text, key });
  }
  const message = asSentAt(now, content.message, queuedAt);
  if (content.kind === 'edit' && root !== null) return await chat.edit({ ...root, message });
  // An edit without a root message is posted: the root was refused, its new text may be accepted.
  const isBroadcast =
    content.kind === 'reply' ? content.isBroadcast : placeOf(post).thread !== null;
  return await chat.post({ ...placeOf(post), message, key, isBroadcast });
}

/**
 * Where a post goes. An edit goes to the channel; everything else goes to `content.thread` if it is
 * set. Without it, a root goes to the channel, and a reply or a file to the root's thread.
 */
function placeOf({ channel, content, root }: TakenPost): Pick<NewMessage, 'channel' | 'thread'> {
  if (content.kind === 'edit') return { channel, thread: null };
  const thread = content.thread ?? null;
  if (content.kind === 'root' || root === null) return { channel, thread };
  return { channel: root.channel, thread: thread ?? root.ts };
}
