import { isLogin } from '../hostcache/failures.ts';
import { handshakesOnce } from './handshakes.ts';
import type { PastFlush } from './parts.ts';
import type { AccessDay, AccessEvent, AccountUse, Span } from './record.ts';
import { concerns, isSeenAs, keysOf, type TimelineClient } from './timeline-client.ts';

/** What the sweeps remember of one client on one server, in the order of its times. Pure. */

export interface Timeline {
  readonly server: string;
  /** When the record begins; null = nothing is recorded. */
  readonly since: Date | null;
  /** When the last reading was; null = there is no time between two readings. */
  readonly readUntil: Date | null;
  readonly entries: readonly TimelineEntry[];
  /** Logins that succeeded, the most frequent first. */
  readonly logins: readonly LoginSum[];
  /** Failures that the server counts for no client: 1129 and 1130. */
  readonly hostless: readonly Failures[];
  /** What full days have left out, of all clients. */
  readonly leftOut: number;
}

export type Failures = Extract<AccessEvent, { kind: 'failures' }>;

export type TimelineEntry =
  | Exclude<AccessEvent, { kind: 'flush' }>
  /** `reason`: of a request of hostcache; null = not known. */
  | (Extract<AccessEvent, { kind: 'flush' }> & { readonly reason: string | null })
  /** No sweep looked, or the server was started in between: something may be missed. */
  | { readonly kind: 'gap'; readonly at: Date; readonly until: Date };

export interface LoginSum {
  readonly user: string;
  /** 0 = only a session that was open already. */
  readonly logins: number;
  readonly lastAt: Date | null;
}

export interface Recorded {
  readonly server: string;
  readonly client: TimelineClient;
  /** In their order. */
  readonly days: readonly AccessDay[];
  /** The flushes that hostcache ran. */
  readonly flushes: readonly PastFlush[];
}

export function timelineOf({ server, client, days, flushes }: Recorded): Timeline {
  const spans = joinSpans(days.flatMap((day) => day.spans));
  const events = days.flatMap((day) => day.events);
  const since = earliest([...spans.map(({ from }) => from), ...events.map(({ at }) => at)]);
  const keys = keysOf(client, days);
  const own = events.filter((event) => concerns(event, keys));
  const entries = [
    ...own.filter((event) => event.kind !== 'flush' && event.kind !== 'failures'),
    ...handshakesOnce(own.filter((event) => event.kind === 'failures')),
    ...withRequests(own, flushes, since),
    ...holesBetween(spans),
  ];
  return {
    server,
    since,
    readUntil: spans.at(-1)?.to ?? null,
    entries: entries.sort((a, b) => a.at.getTime() - b.at.getTime()),
    logins: loginsOf(days.flatMap(({ uses }) => uses.filter((use) => isSeenAs(use, keys)))),
    hostless: events.filter((event) => event.kind === 'failures').filter(isHostless),
    leftOut: days.reduce((sum, day) => sum + day.leftOut, 0),
  };
}

/** The failures of the timeline; `isSure`: those that only a login can have, not also a session. */
export function failuresOf({ entries }: Timeline, isSure: boolean): readonly Failures[] {
  return entries
    .filter((entry) => entry.kind === 'failures')
    .filter((failure) => isSureLogin(failure) === isSure);
}

/** A single failure happened at the end, where the server saw the last of them. */
export function firstAtOf({ at, until, count }: Failures): Date {
  return count === 1 ? until : at;
}

export function isSureLogin({ user, host, error, count, at, until }: Failures): boolean {
  return isLogin({ user, host, error, count, firstAt: at, lastAt: until });
}

function isHostless({ host, address }: Failures): boolean {
  return host === null && address === null;
}

/** Days end at midnight, and spans with them. */
const SAME_MS = 1000;

function joinSpans(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last !== undefined && span.from.getTime() - last.to.getTime() <= SAME_MS) {
      joined[joined.length - 1] = { from: last.from, to: laterOf(last.to, span.to) };
    } else joined.push(span);
  }
  return joined;
}

function holesBetween(spans: readonly Span[]): readonly TimelineEntry[] {
  return spans.slice(1).flatMap((span, index) => {
    const before = spans[index];
    return before === undefined ? [] : [{ kind: 'gap', at: before.to, until: span.from }];
  });
}

/** A sweep finds a flush at most this long after it. */
const FOUND_AFTER_MS = 30 * 60_000;
/** The clocks of the replicas and of the server may differ. */
const SKEW_MS = 60_000;

/** Each flush with its request; also the requests whose flush no sweep found. */
function withRequests(
  events: readonly AccessEvent[],
  flushes: readonly PastFlush[],
  since: Date | null,
): readonly TimelineEntry[] {
  const left = [...flushes];
  const found = events
    .filter((event) => event.kind === 'flush')
    .map((flush) => {
      const at = left.findIndex(({ request, at }) =>
        flush.request === null ? isCauseOf(at, flush.at) : request === flush.request,
      );
      const [past] = at < 0 ? [] : left.splice(at, 1);
      return past === undefined
        ? { ...flush, reason: null }
        : { ...flush, at: past.at, request: past.request, reason: past.reason };
    });
  const others = left
    .filter(({ at }) => since !== null && at >= since)
    .map((past) => ({ kind: 'flush' as const, ...past }));
  return [...found, ...others];
}

function isCauseOf(flushedAt: Date, foundAt: Date): boolean {
  const laterMs = foundAt.getTime() - flushedAt.getTime();
  return laterMs >= -SKEW_MS && laterMs <= FOUND_AFTER_MS;
}

function loginsOf(uses: readonly AccountUse[]): readonly LoginSum[] {
  const sums = new Map<string, LoginSum>();
  for (const { user, logins, lastLoginAt } of uses) {
    if (logins === 0 && lastLoginAt === null) continue;
    const before = sums.get(user);
    const lastAt = latest(before?.lastAt ?? null, lastLoginAt);
    sums.set(user, { user, logins: logins + (before?.logins ?? 0), lastAt });
  }
  return [...sums.values()].sort((a, b) => b.logins - a.logins);
}

function latest(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return laterOf(one, other);
}

export function laterOf(one: Date, other: Date): Date {
  return new Date(Math.max(one.getTime(), other.getTime()));
}

function earliest(times: readonly Date[]): Date | null {
  return times.reduce<Date | null>(
    (first, at) => (first === null || at < first ? at : first),
    null,
  );
}
