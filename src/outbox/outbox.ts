import type { Log } from '../chat/log.ts';
import { createLanes, HOLD_MS } from './channels.ts';
import type { Chat } from './chat.ts';
import { createPause, type Pause } from './pause.ts';
import { createLedger } from './results.ts';
import type { OutboxStore } from './store.ts';

/**
 * Asks the world: says once, and surely, what was stored to be said. In order within a channel,
 * and no channel waits for another; what may have been said is looked for before it is sent again.
 */

export interface OutboxParts {
  readonly store: OutboxStore;
  readonly chat: Chat;
  readonly now: () => Date;
  readonly log: Log;
  /** A new one at each start: what a dead process held comes free by itself. */
  readonly holder: string;
  /** Draws a number from 0 to 1, by which waits are spread. */
  readonly chance: () => number;
}

export interface Outbox {
  start(): void;
  /** Something was stored: looks at once. */
  wake(): void;
  /** Begins nothing more, and waits for what is under way: 10 s at most. */
  stop(): Promise<void>;
  counters(): OutboxCounters;
}

export interface OutboxCounters {
  /** How often the platform asked for a pause. */
  readonly rateLimited: number;
}

/** Another process may have stored something. */
const POLL_MS = 2000;

const DRAIN_MS = 10_000;

export function createOutbox(parts: OutboxParts): Outbox {
  const { store, now, log, holder } = parts;
  const ledger = createLedger(store, now, log);
  const lanes = createLanes({ ...parts, ledger });
  const pause = createPause();
  let ended: Promise<void> = Promise.resolve();

  /** Resolves with how long there is nothing to do. */
  async function look(): Promise<number> {
    await ledger.settle();
    const untilAt = new Date(now().getTime() + HOLD_MS);
    const taken = await store.take(holder, now(), untilAt);
    for (const post of taken) void lanes.run(post, untilAt).then(pause.end);
    return idleMs(await store.nextDueAt(now()), now());
  }

  async function drain(): Promise<void> {
    await Promise.all([ended, lanes.close()]);
    // What the last look has taken is let go too.
    await lanes.close();
    try {
      await ledger.settle();
    } catch (error) {
      log.error('what was said could not be written down', { error });
    }
  }

  return {
    start: () => {
      ended = keepOn(look, pause, log);
    },
    wake: pause.end,
    stop: async () => {
      pause.close();
      if (!(await isDone(drain(), DRAIN_MS))) log.error('the outbox was stopped in the middle');
    },
    counters: () => ({ rateLimited: lanes.rateLimited() }),
  };
}

/** Looks again and again until the pause is closed; never rejects. */
async function keepOn(look: () => Promise<number>, pause: Pause, log: Log): Promise<void> {
  let isStoreAway = false;
  while (!pause.isClosed()) {
    try {
      const waitMs = await look();
      if (isStoreAway) log.info('the outbox has its store again');
      isStoreAway = false;
      await pause.wait(waitMs);
    } catch (error) {
      // Told once, not every two seconds.
      if (!isStoreAway) log.error('the outbox waits for its store', { error });
      isStoreAway = true;
      await pause.wait(POLL_MS);
    }
  }
}

function idleMs(dueAt: Date | null, now: Date): number {
  const waitMs = dueAt === null ? POLL_MS : dueAt.getTime() - now.getTime();
  // What is due and was not given is in other hands.
  return waitMs <= 0 ? POLL_MS : Math.min(waitMs, POLL_MS);
}

/** Whether it came to its end within the time. */
async function isDone(task: Promise<void>, withinMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), withinMs);
  });
  const outcome = await Promise.race([task.then(() => true), late]);
  clearTimeout(timer);
  return outcome;
}
