import {
  failuresSince,
  isLogin,
  LOGIN_ERRORS,
  type LoginFailure,
  type LoginReading,
} from '../hostcache/failures.ts';
import type { Rules } from '../hostcache/host-pattern.ts';
import type { CacheReading } from '../hostcache/server.ts';
import type { Flavour } from '../hostcache/settings.ts';
import { loginsByPair, withUses } from './add-uses.ts';
import { type Chooser, createChooser } from './chosen.ts';
import { clientEvents, compareAccounts, followedClients } from './compared.ts';
import { count, earlierOf } from './counted.ts';
import { failureKey, withEvents } from './full-day.ts';
import { type Times, timesOf } from './moments.ts';
import { type AccessDay, type AccessEvent, dayOf } from './record.ts';
import { addSpan, emptyDay } from './spans.ts';
import type { AccessReading, KnownAccount, KnownClient } from './stores.ts';

/** Adds what one sweep saw to what is remembered of a server's logins. Pure. */

/** What one sweep saw of a server. */
export interface Seen {
  readonly server: string;
  /** With the server's start on the server's clock. */
  readonly reading: LoginReading;
  readonly upSeconds: number;
  readonly flavour: Flavour;
  readonly rules: Rules;
  readonly skipNameResolve: boolean;
  readonly maxConnectErrors: bigint;
  /** null = it could not be read. */
  readonly cache: CacheReading | null;
  readonly accounts: SeenAccounts | null;
  /** The host cache was emptied: when, on our clock, and by which request; null = it was not. */
  readonly flush: { readonly at: Date; readonly request: string | null } | null;
  /** After a longer time without a reading, something can have been missed. */
  readonly longestGapMs: number;
}

export interface SeenAccounts {
  readonly list: readonly KnownAccount[];
  readonly mark: string;
}

export interface Recorded {
  /** Something happened that is not only more of the same. */
  readonly isNews: boolean;
  /** What is stored. It counts all logins, so it is not called if nothing is stored. */
  readonly kept: () => Kept;
}

interface Kept {
  readonly reading: AccessReading;
  /** Those that changed. */
  readonly days: readonly AccessDay[];
}

/** `days`: those since the day of the earlier reading. */
export function record(
  before: AccessReading | null,
  days: readonly AccessDay[],
  seen: Seen,
): Recorded {
  const { reading, cache, maxConnectErrors } = seen;
  const hosts = lazily(() => hostsOf(reading, before));
  const known = before?.clients ?? null;
  const clients = lazily(() => followedClients(known, cache, hosts(), maxConnectErrors));
  const accounts = seen.accounts?.list ?? null;
  const chosen = lazily(() =>
    createChooser(before?.accounts ?? null, accounts, clients() ?? [], seen),
  );
  const times = timesOf(before, reading, seen);
  const failures = failuresSince(earlierOf(before, reading), reading);
  const events = [
    ...(times.restartAt === null ? [] : [{ kind: 'restart', at: times.restartAt } as const]),
    ...(seen.flush === null
      ? []
      : [{ ...seen.flush, kind: 'flush', at: times.clamp(seen.flush.at) } as const]),
    ...failures.flatMap((row) => failureEvents(row, chosen(), times)),
    ...clientEvents(known, cache, hosts, { maxConnectErrors, at: reading.readAt }),
    ...compareAccounts(before?.accounts ?? null, accounts, reading.readAt),
  ];
  const found = { failures, events, times };
  const kept = () => keep(before, days, seen, { ...found, chosen: chosen(), clients: clients() });
  return { isNews: hasNews(events, days, before), kept };
}

interface Found {
  readonly failures: readonly LoginFailure[];
  readonly events: readonly AccessEvent[];
  readonly times: Times;
  readonly chosen: Chooser;
  readonly clients: readonly KnownClient[] | null;
}

function keep(
  before: AccessReading | null,
  days: readonly AccessDay[],
  { server, reading, accounts, flavour }: Seen,
  { failures, events, times, chosen, clients }: Found,
): Kept {
  const today = days.find(({ day }) => day === dayOf(reading.readAt));
  const recorded = loginsByPair(today?.uses ?? []);
  const counted = count(earlierOf(before, reading), reading, { failures, flavour, recorded });
  const span = { from: times.wholeFrom(counted.wasReset), to: reading.readAt };
  const spanned =
    reading.logins === null || (reading.lost ?? 0) > 0 ? days : addSpan(days, server, span);
  const used = withUses(spanned, server, counted.pairs, chosen, reading.readAt);
  return {
    reading: {
      ...{ readAt: reading.readAt, startedAt: reading.startedAt },
      ...counted.kept,
      accounts: accounts?.list ?? before?.accounts ?? null,
      accountsMark: accounts?.mark ?? before?.accountsMark ?? null,
      clients,
    },
    days: eventsByDay(used, server, events).filter((day) => !days.includes(day)),
  };
}

/** Calls `make` when the value is first needed. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Every host that the counters name, in lower case. */
function hostsOf(reading: LoginReading, before: AccessReading | null): ReadonlySet<string> {
  const hosts = new Set<string>();
  for (const rows of [reading.logins, before?.logins, reading.failures]) {
    for (const { host } of rows ?? []) if (host !== null) hosts.add(host.toLowerCase());
  }
  return hosts;
}

/** Errors that sessions have too, but that mostly end a login. */
const MOSTLY_LOGINS: readonly string[] = ['database', 'limit'];

function failureEvents(row: LoginFailure, chosen: Chooser, times: Times): readonly AccessEvent[] {
  const { user, host, error, count: howOften } = row;
  if (!isLogin(row) && !MOSTLY_LOGINS.includes(LOGIN_ERRORS.get(error)?.kind ?? '')) return [];
  const until = times.between(row.lastAt);
  const first = times.between(row.firstAt ?? row.lastAt);
  const at = new Date(Math.min(first.getTime(), until.getTime()));
  const address = host === null ? null : chosen.addressOf(host);
  return [
    {
      kind: 'failures',
      at,
      until,
      user,
      host,
      address,
      error,
      count: howOften,
    },
  ];
}

function eventsByDay(
  days: readonly AccessDay[],
  server: string,
  events: readonly AccessEvent[],
): readonly AccessDay[] {
  const byDay = new Map(days.map((day) => [day.day, day]));
  for (const name of new Set(events.map(({ at }) => dayOf(at)))) {
    const day = byDay.get(name) ?? emptyDay(server, name);
    byDay.set(
      name,
      withEvents(
        day,
        events.filter(({ at }) => dayOf(at) === name),
      ),
    );
  }
  return [...byDay.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Failures that go on as before are no news. */
const SAME_FAILURES_MS = 10 * 60_000;

function hasNews(
  events: readonly AccessEvent[],
  days: readonly AccessDay[],
  before: AccessReading | null,
): boolean {
  if (events.some(({ kind }) => kind !== 'failures')) return true;
  const since = (before?.readAt.getTime() ?? 0) - SAME_FAILURES_MS;
  const known = new Set<string>();
  for (const event of days.flatMap((day) => day.events)) {
    if (event.kind === 'failures' && event.until.getTime() >= since) known.add(failureKey(event));
  }
  return events.some((event) => event.kind === 'failures' && !known.has(failureKey(event)));
}
