import type { Log } from '../chat/log.ts';
import type { Message } from '../chat/message.ts';
import { mapAtOnce } from '../chat/waiting.ts';
import type { Chat, Delivery } from './chat.ts';
import { deliver } from './deliver.ts';
import type { PostContent, RootMessage, TakenPost } from './store.ts';

/** Sends messages about the state itself, which cannot be stored first. They are lost with the process. */

export interface UnstoredParts {
  readonly chat: Chat;
  readonly channels: readonly string[];
  readonly now: () => Date;
  readonly log: Log;
  /** This process, with a new name at each start. */
  readonly holder: string;
}

/** The posts of one subject in one channel: the next is sent when the one before has ended. */
interface Thread {
  readonly subject: number;
  readonly channel: string;
  readonly waiting: TakenPost[];
  root: RootMessage | null;
  restUntilMs: number;
}

const AT_ONCE = 4;

export function createUnstored({ chat, channels, now, log, holder }: UnstoredParts) {
  let threads: Thread[] = [];
  let subjects = 0;

  async function sendNext(thread: Thread): Promise<void> {
    for (let post = thread.waiting[0]; post !== undefined; post = thread.waiting[0]) {
      if (now().getTime() < thread.restUntilMs) return;
      const { root } = thread;
      const begin = async () => true;
      const delivery = await deliver({ ...post, root }, { chat, begin, now, log });
      if (delivery?.kind === 'retry') return keep(thread, post, delivery);
      if (delivery?.kind === 'sent' && post.content.kind === 'root')
        thread.root = { channel: post.channel, ts: delivery.ts };
      if (delivery?.kind === 'refused') log.warn('gave up on a post', factsOf(post, delivery));
      thread.waiting.shift();
    }
  }

  function keep(thread: Thread, post: TakenPost, delivery: Retry): void {
    const { mayBeSent, afterMs } = delivery;
    const repeats = post.repeats + (post.wasBegun ? 1 : 0);
    thread.waiting[0] = { ...post, attempts: post.attempts + 1, repeats, wasBegun: mayBeSent };
    thread.restUntilMs = now().getTime() + (afterMs ?? 0);
    log.warn('a post is not sent yet', factsOf(post, delivery));
  }

  function postOf(channel: string, content: PostContent): TakenPost {
    const subject = `${holder}/${subjects}`;
    const id = `${subject}/${content.kind}`;
    const sendings = { attempts: 0, repeats: 0, wasBegun: false, root: null };
    return { id, channel, subject, content, queuedAt: now(), ...sendings };
  }

  return {
    /** Begins a new thread in each channel. */
    begin: (message: Message) => {
      subjects += 1;
      const later = threads.filter(({ waiting }) => waiting.length > 0);
      const begun = channels.map((channel) => {
        const waiting = [postOf(channel, { kind: 'root', message })];
        return { subject: subjects, channel, waiting, root: null, restUntilMs: 0 };
      });
      threads = [...later, ...begun];
    },
    /** Answers in the threads, where the channels see it too; who was not told needs no end. */
    end: (message: Message) => {
      const isCertainlyUnsent = ({ root, waiting: [first] }: Thread) =>
        root === null && first?.wasBegun !== true;
      threads = threads.filter((each) => each.subject < subjects || !isCertainlyUnsent(each));
      for (const { subject, channel, waiting } of threads) {
        if (subject < subjects) continue;
        waiting.push(postOf(channel, { kind: 'reply', message, isBroadcast: true }));
      }
    },
    /** Sends what is due; each message that the platform does not accept now is tried at the next call. */
    send: () => mapAtOnce(AT_ONCE, threads, sendNext),
  };
}

type Retry = Extract<Delivery, { kind: 'retry' }>;

function factsOf({ id, channel }: TakenPost, { why }: Exclude<Delivery, { kind: 'sent' }>) {
  return { id, channel, why };
}
