import { addMilliseconds } from 'date-fns/addMilliseconds';
import { isLate, pause } from '../chat/waiting.ts';
import { type ChannelParts, createChannels, HOLD_MS } from './channels.ts';
import { createResults } from './results.ts';

/**
 * Sends what was stored to be said, in order within a channel. The way of a post: taken from the
 * store here, its turn in its channel (channels.ts), out to the chat (deliver.ts), and what became
 * of it back into the store (results.ts).
 */

export type OutboxParts = Omit<ChannelParts, 'results'>;

export interface Outbox {
  start(): void;
  /** Something was stored: looks at once. */
  wake(): void;
  /** Begins nothing more, and waits for what is under way: 10 s at most. */
  stop(): Promise<void>;
  /** How often the platform asked for a pause. */
  rateLimited(): number;
}

/** Another process may have stored something. */
const POLL_MS = 2000;

const DRAIN_MS = 10_000;

export function createOutbox(parts: OutboxParts): Outbox {
  const { store, now, log, holder } = parts;
  const results = createResults(store, now, log);
  const channels = createChannels({ ...parts, results });
  let alarm = new AbortController();
  let isStopped = false;
  let ended: Promise<void> = Promise.resolve();
  const wake = () => alarm.abort();

  /** Resolves with how long there is nothing to do. */
  async function look(): Promise<number> {
    await results.writeKept();
    const heldUntil = addMilliseconds(now(), HOLD_MS);
    const taken = await store.take(holder, now(), heldUntil);
    for (const post of taken) void channels.send(post, heldUntil).then(wake);
    return idleMs(await store.nextDueAt(now()), now());
  }

  /** Until it is stopped; never rejects. */
  async function keepLooking(): Promise<void> {
    let isStoreAway = false;
    while (!isStopped) {
      // A wake during the look ends the pause after it.
      alarm = new AbortController();
      let waitMs = POLL_MS;
      try {
        waitMs = await look();
        if (isStoreAway) log.info('the outbox has its store again');
        isStoreAway = false;
      } catch (error) {
        // Told once, not every two seconds.
        if (!isStoreAway) log.error('the outbox waits for its store', { error });
        isStoreAway = true;
      }
      if (!isStopped) await pause(waitMs, alarm.signal);
    }
  }

  async function drain(): Promise<void> {
    await Promise.all([ended, channels.stop()]);
    // What the last look has taken is let go too.
    await channels.stop();
    try {
      await results.writeKept();
    } catch (error) {
      log.error('what was said could not be written down', { error });
    }
  }

  return {
    start: () => {
      ended = keepLooking();
    },
    wake,
    stop: async () => {
      isStopped = true;
      wake();
      if (await isLate(drain(), DRAIN_MS)) log.error('the outbox was stopped in the middle');
    },
    rateLimited: channels.rateLimited,
  };
}

function idleMs(dueAt: Date | null, now: Date): number {
  const waitMs = dueAt === null ? POLL_MS : dueAt.getTime() - now.getTime();
  // What is due and was not given is in other hands.
  return waitMs <= 0 ? POLL_MS : Math.min(waitMs, POLL_MS);
}
