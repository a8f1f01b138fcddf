import { createTask } from 'node-cron';
import type { Log } from '../../chat/log.ts';
import type { Schedule } from '../../sweep/schedule.ts';
import { faultOfCron } from './cron.ts';

/**
 * Asks the world: the clock. node-cron says when the next time is, in UTC, where no hour is skipped
 * and none comes twice; the waiting is ours. Its own timer (4.6.0) cuts milliseconds off in local
 * time: where the clocks go back it spins for an hour and runs nothing, whatever zone it was given.
 */

/** A timer does not count the time that a machine sleeps, so the clock is looked at this often. */
const LOOK_MS = 30_000;

/** A run that begins so late is worth a line. */
const LATE_MS = 5000;

export function createSchedule({ log }: { readonly log: Log }): Schedule {
  const clocks = new Set<Clock>();
  // A thousand servers share a few expressions, and each takes long to judge.
  const known = new Map<string, Times>();
  function timesOf(cron: string): Times {
    const times = known.get(cron) ?? createTimes(cron);
    known.set(cron, times);
    return times;
  }
  return {
    every: (cron, run) => {
      if (cron === null) return { nextAt: () => null };
      const runSafely = async (dueAt: Date) => {
        try {
          await run(dueAt);
        } catch (error) {
          log.error('a scheduled run failed', { dueAt, error });
        }
      };
      const clock = startClock(timesOf(cron), runSafely, log);
      clocks.add(clock);
      return { nextAt: clock.nextAt };
    },
    stop: async () => {
      await Promise.all(Array.from(clocks, (clock) => clock.stop()));
      clocks.clear();
      for (const times of known.values()) times.forget();
      known.clear();
    },
  };
}

interface Clock {
  /** null: stopped. */
  nextAt(): Date | null;
  stop(): Promise<void>;
}

function startClock(times: Times, run: (dueAt: Date) => Promise<void>, log: Log): Clock {
  let nextAt: Date | null = times.next();
  let seenAt = new Date();
  let underWay: Promise<void> | null = null;
  let timer = setTimeout(look, waitMs(nextAt, seenAt));

  function look(): void {
    if (nextAt === null) return;
    const now = new Date();
    const dueAt = nextAt;
    const isDue = now >= dueAt;
    // A clock that was set back would else keep everybody waiting for the old hour.
    if (isDue || now < seenAt) nextAt = times.next();
    seenAt = now;
    timer = setTimeout(look, waitMs(nextAt, now));
    if (isDue) begin(dueAt, now);
  }

  function begin(dueAt: Date, now: Date): void {
    if (underWay !== null) {
      log.warn('a run takes longer than its interval; this one is left out', { dueAt });
      return;
    }
    const lateMs = now.getTime() - dueAt.getTime();
    if (lateMs > LATE_MS) log.warn('the process was held up; a run is late', { dueAt, lateMs });
    underWay = run(dueAt).finally(() => {
      underWay = null;
    });
  }

  return {
    nextAt: () => nextAt,
    stop: async () => {
      nextAt = null;
      clearTimeout(timer);
      await underWay;
    },
  };
}

function waitMs(nextAt: Date, now: Date): number {
  return Math.min(LOOK_MS, Math.max(0, nextAt.getTime() - now.getTime()));
}

interface Times {
  /** The first one after now. */
  next(): Date;
  forget(): void;
}

function createTimes(cron: string): Times {
  const fault = faultOfCron(cron);
  if (fault !== null) throw new Error(`expected a cron expression, got "${cron}": ${fault}`);
  const task = createTask(cron, () => undefined, { timezone: 'UTC' });
  return {
    next: () => {
      const [next] = task.getNextRuns(1);
      if (next === undefined) throw new Error(`node-cron gave no time for "${cron}"`);
      return next;
    },
    forget: () => void task.destroy(),
  };
}
