import type { Log } from '../chat/log.ts';
import { SERVERS_AT_ONCE } from '../chat/on-servers.ts';
import { mapAtOnce } from '../chat/waiting.ts';
import type { ServerConfig } from '../config/config.ts';
import { maintainRequests } from '../flush/maintenance.ts';
import type { FlushParts } from '../flush/parts.ts';
import type { SweepParts } from '../sweep/parts.ts';
import type { Schedule, Scheduled } from '../sweep/schedule.ts';
import { sweepServer } from '../sweep/sweep.ts';
import type { StateWatch } from './state-watch.ts';

/** The bot's background work: sweeps, flush requests, and work that outlives its answer. */

/** Work that continues after its answer. `settled` waits for it when the bot stops. */
export function createBackground(log: Log) {
  const running = new Set<Promise<void>>();
  return {
    add: (work: Promise<void>): void => {
      const done = work
        .catch((error: unknown) => log.error('background work failed', { error }))
        .finally(() => running.delete(done));
      running.add(done);
    },
    settled: async () => void (await Promise.all(running)),
  };
}

/** Schedules one tick for all servers with the same cron; it sweeps a limited number at a time. */
export function scheduleSweeps(
  schedule: Schedule,
  servers: readonly ServerConfig[],
  parts: SweepParts,
  scheduled: Map<string, Scheduled>,
): void {
  const crons = new Set(servers.map(({ sweepCron }) => sweepCron));
  for (const cron of crons) {
    const names = servers.filter(({ sweepCron }) => sweepCron === cron).map(({ name }) => name);
    const due = parts.targets.filter(({ server }) => names.includes(server.name));
    const ticking = schedule.every(cron, async () => {
      await mapAtOnce(SERVERS_AT_ONCE, due, (target) => sweepServer(target, parts));
    });
    for (const name of names) scheduled.set(name, ticking);
  }
}

const MAINTAIN_EVERY_MS = 5_000;

/** Maintains open flush requests every few seconds. Returns the function that stops this. */
export function maintainFlushes(parts: FlushParts): () => Promise<void> {
  return repeat(MAINTAIN_EVERY_MS, () =>
    maintainRequests(parts).catch((error: unknown) => {
      parts.log.error('open flush requests could not be maintained', { error });
    }),
  );
}

const WATCH_EVERY_MS = 5_000;

/** Looks every few seconds whether the state can be written. Returns the function that stops this. */
export function watchState({ look }: StateWatch): () => Promise<void> {
  return repeat(WATCH_EVERY_MS, look);
}

const BEAT_EVERY_MS = 5_000;

/** Calls `beat` every few seconds, for as long as the event loop runs. Returns the function that stops this. */
export function keepBeating(beat: () => Promise<void>): () => Promise<void> {
  return repeat(BEAT_EVERY_MS, beat);
}

/** `run` must never reject. Returns the function that stops this, and waits for a run under way. */
function repeat(everyMs: number, run: () => Promise<void>): () => Promise<void> {
  let round: Promise<void> | null = null;
  const begin = () => {
    // Rounds that fall due while one still runs are skipped.
    round ??= run().finally(() => {
      round = null;
    });
  };
  begin();
  const timer = setInterval(begin, everyMs);
  return async () => {
    clearInterval(timer);
    await round;
  };
}
