import { remember } from '../access/remember.ts';
import type { AccessStore } from '../access/stores.ts';
import type { Log } from '../chat/log.ts';
import { findOwnFlush } from '../flush/outside-flush.ts';
import type { FlushStore } from '../flush/stores.ts';
import { releaseOf } from '../hostcache/release.ts';
import type { EndedLook, SweepParts } from '../sweep/parts.ts';
import type { SweepRecord } from '../sweep/stores.ts';

/** Joins sweeps to the record of logins. */

/** What is assumed of sweeps that follow no schedule. */
const USUAL_SWEEP_MS = 5 * 60_000;
const SHORTEST_SWEEP_MS = 60_000;
/** A sweep can begin and end late. */
const LATE_MS = 30_000;

export function createRemembering({
  access,
  flushes,
  log,
}: {
  readonly access: AccessStore;
  readonly flushes: Pick<FlushStore, 'history'>;
  readonly log: Log;
}): NonNullable<SweepParts['remember']> {
  async function add({
    target: { server },
    look,
    last,
    isEmptied,
    isShown,
    lease,
  }: EndedLook): Promise<void> {
    const { settings, cache, logins, readAt } = look;
    if (!settings.known || !logins.known) return;
    const { value } = settings;
    const seen = {
      reading: logins.value,
      upSeconds: value.uptimeSeconds,
      flavour: value.flavour,
      rules: releaseOf(value).rules,
      skipNameResolve: value.skipNameResolve,
      maxConnectErrors: value.maxConnectErrors,
      cache: cache.known ? cache.value : null,
      flush: isEmptied && last !== null ? await flushOf(server.name, last, readAt) : null,
      longestGapMs: longestGapOf(last),
    };
    await remember(server, seen, access, { lease, isDue: isShown });
  }

  async function flushOf(server: string, last: SweepRecord, readAt: Date) {
    const own = await findOwnFlush(flushes, server, last.endedAt);
    return { at: own?.changedAt ?? readAt, request: own?.id ?? null };
  }

  return async (ended) => {
    try {
      await add(ended);
    } catch (error) {
      // The alerts of the sweep do not depend on it.
      log.error('the logins that a sweep saw were not recorded', {
        server: ended.target.server.name,
        error,
      });
    }
  };
}

/** The time of two sweeps: one can fail without a hole. */
function longestGapOf(last: SweepRecord | null): number {
  const { nextAt = null, endedAt } = last ?? {};
  const plannedMs =
    nextAt === null || endedAt === undefined
      ? USUAL_SWEEP_MS
      : nextAt.getTime() - endedAt.getTime();
  return 2 * Math.max(plannedMs, SHORTEST_SWEEP_MS) + LATE_MS;
}
