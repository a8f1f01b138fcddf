import { setImmediate } from 'node:timers/promises';
import { isLate, pause, type Wait } from '../../chat/waiting.ts';

/**
 * Acknowledgements first: what has arrived from Slack is acknowledged before an answer is computed,
 * since Slack waits three seconds for an acknowledgement and half an hour for an answer. Uses timers.
 */
export interface Answering {
  /** Something has arrived from Slack. */
  heard(): void;
  /** Resolves in a later turn of the event loop, each call in one of its own. Never rejects. */
  turn(): Promise<void>;
  /** Does the work in its turn: a few works at once, in their order. Rejects as the work does. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

/** Works at once; each also waits for MySQL, so more would only make each turn of the loop longer. */
const AT_ONCE = 4;

/** A work that takes longer, because a server does not answer, no longer keeps others waiting. */
const LONG_MS = 1000;

/** After this time without news from Slack, work begins. */
const QUIET_MS = 10;

/** The same after many commands at once: HTTP mode accepts one connection in a turn, so others may wait. */
const MANY = { waiting: 8, quietMs: 150 };

/** Work begins at the latest after this time. */
const PATIENCE_MS = 1000;

/** Tests hand in their own. */
export interface AnsweringClock {
  readonly longMs?: number;
  readonly nowMs?: () => number;
  readonly rest?: Wait;
}

export function createAnswering({
  longMs = LONG_MS,
  nowMs = () => performance.now(),
  rest = pause,
}: AnsweringClock = {}): Answering {
  const waiting: (() => Promise<unknown>)[] = [];
  let heardAtMs = -Infinity;
  let free = AT_ONCE;
  let isStarting = false;
  let lastTurn: Promise<void> = Promise.resolve();

  async function quiet(): Promise<void> {
    const untilMs = nowMs() + PATIENCE_MS;
    const quietMs = () => (waiting.length >= MANY.waiting ? MANY.quietMs : QUIET_MS);
    const restMs = () => Math.min(heardAtMs + quietMs(), untilMs) - nowMs();
    await setImmediate();
    for (let ms = restMs(); ms > 0; ms = restMs()) await rest(ms);
  }

  async function startNext(): Promise<void> {
    isStarting = true;
    while (free > 0 && waiting.length > 0) {
      await quiet();
      const work = waiting.shift();
      if (work !== undefined) occupy(work());
    }
    isStarting = false;
  }

  function occupy(work: Promise<unknown>): void {
    free -= 1;
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    // Neither rejects.
    void isLate(settled, longMs, pause).then(() => {
      free += 1;
      if (!isStarting) void startNext();
    });
  }

  return {
    heard: () => {
      heardAtMs = nowMs();
    },
    turn: () => {
      lastTurn = lastTurn.then(() => setImmediate());
      return lastTurn;
    },
    inTurn: (work) =>
      new Promise((resolve, reject) => {
        waiting.push(() => {
          const result = work();
          result.then(resolve, reject);
          return result;
        });
        if (!isStarting) void startNext();
      }),
  };
}
