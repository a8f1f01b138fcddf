import type { Log } from '../chat/log.ts';
import { type Message, text, time } from '../chat/message.ts';
import type { Chat, Delivery, NewMessage } from './chat.ts';
import type { TakenPost } from './store.ts';

/** Asks the world: one post on its way, looked for where it may have been said, else sent. */

export interface Carrier {
  readonly chat: Chat;
  /** Writes down that sending begins; false = the post is somebody else's, or has ended. */
  readonly begin: () => Promise<boolean>;
  readonly now: () => Date;
  readonly log: Log;
}

/** What became of it. */
export type Carried =
  | Delivery
  /** It may have been said, and the platform did not answer whether; null = no word of when. */
  | { readonly kind: 'unseen'; readonly why: string; readonly retryAfterMs: number | null }
  /** It is in other hands. */
  | { readonly kind: 'left' };

/** So long somebody has to invite the bot again; what is older is given up, or a channel left behind would fill the state. */
const WAIT_MS = 24 * 60 * 60_000;

/** What is told later than this says so. */
const LATE_MS = 60_000;

/** Rejects where it cannot be written down that sending begins; then nothing was sent. */
export async function carry(post: TakenPost, carrier: Carrier): Promise<Carried> {
  if (isOrphan(post)) return { kind: 'refused', why: 'its root message was never posted' };
  const seen = post.wasBegun ? await lookFor(post, carrier) : null;
  if (seen !== null) return seen;
  if (!(await carrier.begin())) return { kind: 'left' };
  const delivery = await send(post, carrier.chat, carrier.now());
  const agedMs = carrier.now().getTime() - post.queuedAt.getTime();
  if (delivery.kind !== 'refused' || delivery.mayPass !== true || agedMs > WAIT_MS) return delivery;
  return { kind: 'unsent', why: delivery.why };
}

/** The message as it is told now: late, it says of when it is. */
export function asToldAt(now: Date, message: Message, queuedAt: Date): Message {
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

/** Whether it stands in the thread of a message that there is not. */
function isOrphan({ content, root }: TakenPost): boolean {
  return root === null && (content.kind === 'reply' || content.kind === 'file');
}

/** null: not said yet, as far as anybody can tell. */
async function lookFor(post: TakenPost, { chat, log }: Carrier): Promise<Carried | null> {
  const { id, subject, content, root, queuedAt } = post;
  // An edit of what is posted can be made twice.
  if (content.kind === 'edit' && root !== null) return null;
  const found = await chat.find({ ...placeOf(post), key: id, sinceAt: queuedAt });
  switch (found.kind) {
    case 'found':
      return { kind: 'sent', ts: found.ts };
    case 'absent':
      return null;
    case 'unknown':
      // Said twice is better than lost.
      log.warn('sent again, though it may have been said', { id, subject, why: found.why });
      return null;
    case 'unanswered':
      return { kind: 'unseen', why: found.why, retryAfterMs: found.retryAfterMs };
  }
}

async function send(post: TakenPost, chat: Chat, now: Date): Promise<Delivery> {
  const { id: key, content, root, queuedAt } = post;
  if (content.kind === 'file') {
    const { channel, thread } = placeOf(post);
    // carry has refused a file without a root.
    if (thread === null) throw new Error(`the file ${key} has no thread to stand in`);
    return await chat.upload({ channel, thread, name: content.name, content: content.text, key });
  }
  const message = asToldAt(now, content.message, queuedAt);
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
