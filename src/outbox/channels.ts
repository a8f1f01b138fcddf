import { setMaxListeners } from 'node:events';
import { addMilliseconds } from 'date-fns/addMilliseconds';
import type { Log } from '../chat/log.ts';
import { createLimit, pause } from '../chat/waiting.ts';
import type { Chat, Delivery } from './chat.ts';
import { deliver } from './deliver.ts';
import type { Results } from './results.ts';
import type { OutboxStore, TakenPost } from './store.ts';

/** Sends taken posts, one at a time per channel, each channel at its own pace. */

export interface ChannelParts {
  readonly store: OutboxStore;
  readonly chat: Chat;
  readonly results: Results;
  readonly now: () => Date;
  readonly log: Log;
  /** This process, with a new name at each start: the posts of a killed process become free when its hold ends. */
  readonly holder: string;
  /** Returns a random number from 0 to 1, which spreads the waits. */
  readonly chance: () => number;
}

/** Longer than any single step with Slack. Posts of a killed process wait this long. */
export const HOLD_MS = 30_000;

/** Slack accepts one message per second in a channel (docs.slack.dev, chat.postMessage). */
const GAP_MS = 1000;

/** With a thousand channels, each call at once would need much memory, and the state would be late. */
const SENT_AT_ONCE = 50;

const BACKOFF = { firstMs: 1000, factor: 2, lastMs: 60_000 };

interface Channel {
  restUntil: Date;
  /** How many times in a row the platform has failed in this channel. */
  faults: number;
}

export function createChannels(parts: ChannelParts) {
  const { store, chat, results, now, log, holder, chance } = parts;
  const channels = new Map<string, Channel>();
  const underWay = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  // One for each channel that rests; Node would warn of a leak.
  setMaxListeners(0, stopping.signal);
  const limited = createLimit(SENT_AT_ONCE);
  let rateLimited = 0;
  let simplified = 0;

  async function sendInTurn(post: TakenPost, takenUntil: Date): Promise<void> {
    const channel = channels.get(post.channel) ?? { restUntil: now(), faults: 0 };
    channels.set(post.channel, channel);
    await pause(channel.restUntil.getTime() - now().getTime(), stopping.signal);
    await limited(() => sendNow(post, channel, takenUntil));
  }

  async function sendNow(post: TakenPost, channel: Channel, takenUntil: Date): Promise<void> {
    const { id } = post;
    let heldUntil = takenUntil;
    if (stopping.signal.aborted) {
      const at = now();
      const stopped = { kind: 'retry', why: 'the bot was stopped', afterMs: null } as const;
      const delivery = { ...stopped, mayBeSent: post.wasBegun };
      return await results.write({ id, delivery, at, retryAt: at, heldUntil });
    }
    const begin = async () => {
      heldUntil = addMilliseconds(now(), HOLD_MS);
      channel.restUntil = addMilliseconds(now(), GAP_MS);
      return await store.begin(id, holder, heldUntil);
    };
    const delivery = await deliver(post, { chat, begin, now, log });
    if (delivery === null) return log.debug('another process has the post', factsOf(post));
    const at = now();
    const retryAt = addMilliseconds(at, retryAfterMs(delivery, channel.faults, chance()));
    const isFault = delivery.kind === 'retry' && delivery.afterMs === null;
    channel.faults = isFault ? channel.faults + 1 : 0;
    if (delivery.kind === 'retry' && !isFault) rateLimited += 1;
    if (isSimpler(delivery)) simplified += 1;
    logDelivery(log, post, delivery, retryAt);
    await results.write({ id, delivery, at, retryAt, heldUntil });
  }

  return {
    /** Never rejects. */
    send: async (post: TakenPost, heldUntil: Date) => {
      // Its hold expired and it was taken again, while it is still being sent here.
      if (underWay.has(post.id)) return;
      const sent = sendInTurn(post, heldUntil).catch((error: unknown) => {
        // When its hold expires it is taken again, and searched for if its sending was begun.
        log.error('a post could not be sent now', { id: post.id, error });
      });
      underWay.set(post.id, sent);
      await sent;
      underWay.delete(post.id);
    },
    /** Releases posts whose sending has not begun; resolves when the others have ended. */
    stop: async () => {
      stopping.abort();
      await Promise.all(underWay.values());
    },
    /** How many times the platform asked for a pause, and how many messages got a simpler form. */
    counts: () => ({ rateLimited, simplified }),
  };
}

/** Whether people got less than the whole message. */
function isSimpler(delivery: Delivery): boolean {
  return delivery.kind === 'sent' && (delivery.form ?? 'whole') !== 'whole';
}

/**
 * The pause that the platform asks for; otherwise longer with each fault in a row. `chance`, 0 to 1,
 * keeps channels out of step.
 */
export function retryAfterMs(delivery: Delivery, faults: number, chance: number): number {
  if (delivery.kind === 'retry' && delivery.afterMs !== null) return delivery.afterMs;
  const { firstMs, factor, lastMs } = BACKOFF;
  const step = Math.min(lastMs, firstMs * factor ** faults);
  return step * (0.5 + chance / 2);
}

function logDelivery(log: Log, post: TakenPost, delivery: Delivery, dueAt: Date): void {
  const facts = factsOf(post);
  switch (delivery.kind) {
    case 'sent':
      if (isSimpler(delivery))
        log.warn('a post is sent in a simpler form', { ...facts, form: delivery.form });
      else log.debug('sent a post', facts);
      break;
    case 'refused':
      log.error('gave up on a post', { ...facts, why: delivery.why });
      break;
    case 'retry': {
      const { why, mayBeSent, afterMs } = delivery;
      if (afterMs === null) log.warn('a post is not sent yet', { ...facts, mayBeSent, why, dueAt });
      else log.info('the chat platform asks for a pause', { ...facts, dueAt });
      break;
    }
  }
}

function factsOf({ id, subject, channel, content, attempts }: TakenPost) {
  return { id, subject, channel, content: content.kind, attempts: attempts + 1 };
}
