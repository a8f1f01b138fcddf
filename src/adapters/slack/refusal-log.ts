import type { Log } from '../../chat/log.ts';
import type { Refused } from './request-headers.ts';

/** Logs refused requests, at most one line for each reason in ten seconds: a flood must not fill the disk. */

const PAUSE_MS = 10_000;

export interface RefusalLog {
  add(refused: Refused): void;
}

export function createRefusalLog(log: Log, now: () => Date): RefusalLog {
  const saidAtMs = new Map<string, number>();
  const unsaid = new Map<string, number>();
  return {
    add: ({ status, why }) => {
      const nowMs = now().getTime();
      const ageMs = nowMs - (saidAtMs.get(why) ?? -Infinity);
      const more = unsaid.get(why) ?? 0;
      if (ageMs >= 0 && ageMs < PAUSE_MS) {
        unsaid.set(why, more + 1);
        return;
      }
      saidAtMs.set(why, nowMs);
      unsaid.delete(why);
      const since = more > 0 ? { moreSinceThen: more } : {};
      log.info('a request was refused', { status, why, ...since });
    },
  };
}
