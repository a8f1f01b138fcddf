import type { AccessDay, AccessEvent, AccountUse } from './record.ts';

/** What a day holds at most, so that the state stays small. Pure. */

/** Together about 50 kB as stored. */
export const MOST = { uses: 3000, events: 1000 } as const;

const MINUTE_MS = 60_000;

/** Failures of one kind within such a time become one event, the shortest first. */
const WIDTHS_MS = [15, 60, 6 * 60, 24 * 60].map((minutes) => minutes * MINUTE_MS);

type Failures = Extract<AccessEvent, { kind: 'failures' }>;

/** Adds the events in the order of their times. */
export function withEvents(day: AccessDay, added: readonly AccessEvent[]): AccessDay {
  if (added.length === 0) return day;
  const all = inOrder([...day.events, ...added]);
  const merged = mergedUntilFit(all);
  if (merged.length <= MOST.events) return { ...day, events: merged };
  const kept = inOrder([...merged].sort((a, b) => rankOf(a) - rankOf(b)).slice(0, MOST.events));
  return { ...day, events: kept, leftOut: day.leftOut + merged.length - kept.length };
}

/** Whether a use that is not there yet can be added. Each account keeps one, however full the day is. */
export function hasRoomFor(uses: readonly AccountUse[], account: string | null): boolean {
  if (uses.length < MOST.uses) return true;
  return account !== null && !uses.some((use) => use.account === account);
}

function mergedUntilFit(events: readonly AccessEvent[]): readonly AccessEvent[] {
  let merged = events;
  for (const width of WIDTHS_MS) {
    if (merged.length <= MOST.events) return merged;
    merged = merge(merged, width);
  }
  return merged;
}

/** The first of merged events stays where it was, so the time of a first failure is never lost. */
function merge(events: readonly AccessEvent[], widthMs: number): readonly AccessEvent[] {
  const merged: AccessEvent[] = [];
  const places = new Map<string, number>();
  for (const event of events) {
    if (event.kind !== 'failures') {
      merged.push(event);
      continue;
    }
    const key = failureKey(event);
    const place = places.get(key);
    const earlier = place === undefined ? undefined : merged[place];
    const isNear =
      earlier?.kind === 'failures' && event.until.getTime() - earlier.at.getTime() <= widthMs;
    if (place !== undefined && isNear) {
      const until = new Date(Math.max(event.until.getTime(), earlier.until.getTime()));
      merged[place] = { ...earlier, until, count: earlier.count + event.count };
    } else {
      places.set(key, merged.push(event) - 1);
    }
  }
  return merged;
}

export function failureKey({ user, host, address, error }: Omit<Failures, 'kind'>): string {
  return JSON.stringify([user, host, address, error]);
}

/** What explains most is left out last. */
function rankOf({ kind }: AccessEvent): number {
  return ['restart', 'flush', 'account', 'blocked', 'unblocked', 'failures', 'name'].indexOf(kind);
}

function inOrder(events: readonly AccessEvent[]): readonly AccessEvent[] {
  return [...events].sort((a, b) => a.at.getTime() - b.at.getTime());
}
