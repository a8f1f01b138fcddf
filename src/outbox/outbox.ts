import { addMilliseconds } from 'date-fns/addMilliseconds';
import { isLate, pause } from '../chat/waiting.ts';
import { type ChannelParts, createChannels, HOLD_MS } from './channels.ts';
import { createResults } from './results.ts';

/**
 * Sends stored posts, in order within a channel. A post is taken from the store here, waits for its
 * turn in its channel (channels.ts), is sent to the chat (deliver.ts), and its result is written to
 * the store (results.ts).
 */

export type OutboxParts = Omit<ChannelParts, 'results'>;

export type Outbox = ReturnType<typeof createOutbox>;

/** Another process may have stored a post. */
const POLL_MS = 2000;

const DRAIN_MS = 10_000;

export function createOutbox(parts: OutboxParts) {
  const { store, now, log, holder } = parts;
  const results = createResults(store, now, log);
  const channels = createChannels({ ...parts, results });
  let alarm = new AbortController();
  let isStopped = false;
  let ended: Promise<void> = Promise.resolve();
  const wake = () => alarm.abort();

  /** Takes what is due and sends it. Resolves with how many milliseconds to wait for the next look. */
  async function look(): Promise<number> {
    await results.writeKept();
    const heldUntil = addMilliseconds(now(), HOLD_MS);
    const taken = await store.take(holder, now(), heldUntil);
    for (const post of taken) void channels.send(post, heldUntil).then(wake);
    return idleMs(await store.nextDueAt(), now());
  }

  /** Runs until `stop`. Never rejects. */
  async function keepLooking(): Promise<void> {
    let isStoreAway = false;
    while (!isStopped) {
      // A wake during the look ends the pause after it.
      alarm = new AbortController();
      let waitMs = POLL_MS;
      try {
        waitMs = await look();
        if (isStoreAway) log.info('the outbox can use its store again');
        isStoreAway = false;
      } catch (error) {
        // Logged once, not every two seconds.
        if (!isStoreAway) log.error('the outbox cannot use its store', { error });
        isStoreAway = true;
      }
      if (!isStopped) await pause(waitMs, alarm.signal);
    }
  }

  async function drain(): Promise<void> {
    await Promise.all([ended, channels.stop()]);
    // The last look may have taken more posts; they are released too.
    await channels.stop();
    try {
      await results.writeKept();
    } catch (error) {
      log.error('results of posts could not be stored', { error });
    }
  }

  return {
    start: () => {
      ended = keepLooking();
    },
    /** Reads the store at once, because a post was stored. */
    wake,
    /** Begins no more posts, and waits for those under way, 10 s at most. */
    stop: async () => {
      isStopped = true;
      wake();
      if (await isLate(drain(), DRAIN_MS))
        log.error('the outbox stopped before all its posts had ended');
    },
    counts: channels.counts,
  };
}

function idleMs(dueAt: Date | null, now: Date): number {
  const waitMs = dueAt === null ? POLL_MS : dueAt.getTime() - now.getTime();
  // A post that is due but was not returned is held.
  return waitMs <= 0 ? POLL_MS : Math.min(waitMs, POLL_MS);
}
