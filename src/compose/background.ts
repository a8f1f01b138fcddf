import type { Log } from '../chat/log.ts';
import { SERVERS_AT_ONCE } from '../chat/on-servers.ts';
import { mapAtOnce } from '../chat/waiting.ts';
import type { ServerConfig } from '../config/config.ts';
import { maintainRequests } from '../flush/maintenance.ts';
import type { FlushParts } from '../flush/parts.ts';
import type { SweepParts } from '../sweep/parts.ts';
import type { Schedule, Scheduled } from '../sweep/schedule.ts';
import { sweepServer } from '../sweep/sweep.ts';

/** What the bot does while nobody asks. */

/** What is carried out beside the answers; a stop waits for it. */
export interface Background {
  readonly add: (work: Promise<void>) => void;
  readonly settled: () => Promise<void>;
}

export function createBackground(log: Log): Background {
  const running = new Set<Promise<void>>();
  return {
    add: (work) => {
      const done = work
        .catch((error: unknown) => log.error('what went on in the background broke off', { error }))
        .finally(() => running.delete(done));
      running.add(done);
    },
    settled: async () => void (await Promise.all([...running])),
  };
}

/** One tick for all servers of one cron, so that many servers take their turns. */
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

const KEEP_MS = 5_000;

/** Looks after open requests every few seconds; returns what ends that. */
export function maintainFlushes(parts: FlushParts): () => Promise<void> {
  let round: Promise<void> | null = null;
  const look = () => {
    // A round that a server holds up is not followed by those that it made late.
    round ??= maintainRequests(parts)
      .catch((error: unknown) => {
        parts.log.error('open flush requests could not be looked after', { error });
      })
      .finally(() => {
        round = null;
      });
  };
  look();
  const timer = setInterval(look, KEEP_MS);
  return async () => {
    clearInterval(timer);
    await round;
  };
}
