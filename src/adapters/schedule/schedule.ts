import { createTask, type ScheduledTask } from 'node-cron';
import type { Log } from '../../chat/log.ts';
import type { Schedule } from '../../sweep/schedule.ts';
import { faultOfCron } from './cron.ts';

/**
 * Runs functions on cron schedules. Does I/O. node-cron computes the next time, in UTC, which skips
 * and repeats no hour; the waiting is done here. Its own timer (4.6.0) cuts off milliseconds in
 * local time: when the clocks go back, it spins for an hour and runs nothing, in every time zone.
 */

/** A timer does not count the time that a machine sleeps, so the clock is checked this often. */
const CHECK_MS = 30_000;

/** A run that starts this late is logged. */
const LATE_MS = 5000;

export function createSchedule({ log }: { readonly log: Log }): Schedule {
  const clocks = new Set<Clock>();
  // A thousand servers share a few expressions, and each is slow to parse.
  const parsed = new Map<string, ScheduledTask>();
  function taskOf(cron: string): ScheduledTask {
    const task = parsed.get(cron) ?? parse(cron);
    parsed.set(cron, task);
    return task;
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
      const clock = startClock(taskOf(cron), runSafely, log);
      clocks.add(clock);
      return { nextAt: clock.nextAt };
    },
    stop: async () => {
      await Promise.all(Array.from(clocks, (clock) => clock.stop()));
      clocks.clear();
      for (const task of parsed.values()) void task.destroy();
      parsed.clear();
    },
  };
}

type Clock = ReturnType<typeof startClock>;

function startClock(task: ScheduledTask, run: (dueAt: Date) => Promise<void>, log: Log) {
  let nextAt: Date | null = timeAfterNow(task);
  let seenAt = new Date();
  let running: Promise<void> | null = null;
  let timer = setTimeout(check, waitMs(nextAt, seenAt));

  function check(): void {
    if (nextAt === null) return;
    const now = new Date();
    const dueAt = nextAt;
    const isDue = now >= dueAt;
    // If the clock was set back, the old time may be hours away.
    if (isDue || now < seenAt) nextAt = timeAfterNow(task);
    seenAt = now;
    timer = setTimeout(check, waitMs(nextAt, now));
    if (isDue) begin(dueAt, now);
  }

  function begin(dueAt: Date, now: Date): void {
    if (running !== null) {
      log.warn('the previous run has not finished; this run is skipped', { dueAt });
      return;
    }
    const lateMs = now.getTime() - dueAt.getTime();
    if (lateMs > LATE_MS)
      log.warn('the process was suspended or busy; a run is late', { dueAt, lateMs });
    running = run(dueAt).finally(() => {
      running = null;
    });
  }

  return {
    /** null = stopped. */
    nextAt: () => nextAt,
    stop: async () => {
      nextAt = null;
      clearTimeout(timer);
      await running;
    },
  };
}

function waitMs(nextAt: Date, now: Date): number {
  return Math.min(CHECK_MS, Math.max(0, nextAt.getTime() - now.getTime()));
}

function parse(cron: string): ScheduledTask {
  const fault = faultOfCron(cron);
  if (fault !== null) throw new Error(`expected a cron expression, got "${cron}": ${fault}`);
  return createTask(cron, () => undefined, { timezone: 'UTC' });
}

function timeAfterNow(task: ScheduledTask): Date {
  const [next] = task.getNextRuns(1);
  if (next === undefined) throw new Error('node-cron gave no next time');
  return next;
}
