import { millisecondsInDay } from 'date-fns/constants';
import type { Log } from '../chat/log.ts';
import { type Message, text, time } from '../chat/message.ts';
import type { Chat, Delivery, NewMessage } from './chat.ts';
import type { TakenPost } from './store.ts';

/** Sends one post; first looks for it where it may have been sent before. Calls the chat and the store. */

export interface DeliverParts {
  readonly chat: Chat;
  /** Marks in the store that sending begins; false = somebody else has the post, or it has ended. */
  readonly begin: () => Promise<boolean>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Somebody has so long to invite the bot again; then the post is given up, or it would stay in the state for ever. */
const WAIT_MS = millisecondsInDay;

/** A message sent later than this says so. */
const LATE_MS = 60_000;

/** null = somebody else has it. Rejects where the store cannot mark that sending begins; then nothing was sent. */
export async function deliver(post: TakenPost, parts: DeliverParts): Promise<Delivery | null> {
  const { chat, begin, now } = parts;
  if (hasLostRoot(post)) {
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

/** The message as it is sent now: late, it says of when it is. */
export function asSentAt(now: Date, message: Message, queuedAt: Date): Message {
  if (now.getTime() - queuedAt.getTime() <= LATE_MS) return message;
  const note = {
    kind: 'note',
    spans: text('Told late: seen at ', time(queuedAt), '; it could not be posted sooner.'),
  } as const;
  const [first, ...others] = message.blocks;
  return {
    headline: `${message.headline} (told late)`,
    // At the end of a long message it would be the first to be cut.
    blocks: first === undefined ? [note] : [first, note, ...others],
  };
}

/** Whether it belongs in the thread of a message that does not exist. */
function hasLostRoot({ content, root }: TakenPost): boolean {
  return root === null && (content.kind === 'reply' || content.kind === 'file');
}

/** What became of an earlier sending; null = it was not sent, as far as anybody can tell. */
async function lookFor(post: TakenPost, { chat, log }: DeliverParts): Promise<Delivery | null> {
  const { id, subject, content, root, queuedAt } = post;
  // The same edit can be made twice.
  if (content.kind === 'edit' && root !== null) return null;
  const found = await chat.find({ ...placeOf(post), key: id, sinceAt: queuedAt });
  if (found?.kind !== 'refused') return found;
  // Sent twice is better than lost.
  log.warn('sent again, though it may have been said', { id, subject, why: found.why });
  return null;
}

async function send(post: TakenPost, chat: Chat, now: Date): Promise<Delivery> {
  const { id: key, content, root, queuedAt } = post;
  if (content.kind === 'file') {
    const { channel, thread } = placeOf(post);
    // deliver() has refused a file without a root.
    if (thread === null) throw new Error(`the file ${key} has no thread to stand in`);
    return await chat.upload({ channel, thread, name: content.name, content: content.text, key });
  }
  const message = asSentAt(now, content.message, queuedAt);
  if (content.kind === 'edit' && root !== null) return await chat.edit({ ...root, message });
  // An edit without a root comes here: the root was refused, and its new text may be taken.
  const isBroadcast =
    content.kind === 'reply' ? content.isBroadcast : placeOf(post).thread !== null;
  return await chat.post({ ...placeOf(post), message, key, isBroadcast });
}

/** A reply and a file stand in a thread, all else in the channel, or where all of it is in a thread. */
function placeOf({ channel, content, root }: TakenPost): Pick<NewMessage, 'channel' | 'thread'> {
  if (content.kind === 'edit') return { channel, thread: null };
  const thread = content.thread ?? null;
  if (content.kind === 'root' || root === null) return { channel, thread };
  return { channel: root.channel, thread: thread ?? root.ts };
}
