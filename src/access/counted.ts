import {
  byPair,
  isConnection,
  isLogin,
  isReset,
  isSameRun,
  type LoginCount,
  type LoginFailure,
  type LoginReading,
  pairOf,
} from '../hostcache/failures.ts';
import type { Flavour } from '../hostcache/settings.ts';
import type { AccessReading, FailuresAhead } from './stores.ts';

/** What two readings of the counters say of the time between them. Pure. */

/** One login name at one host. */
export interface Counted {
  readonly user: string;
  readonly host: string;
  /** Below 0: earlier ones were failures that the server counted after their connections. */
  readonly logins: number;
  readonly failures: number;
  /** Whether a session is open now. */
  readonly isOpen: boolean;
}

export interface Counting {
  readonly pairs: readonly Counted[];
  /** Somebody emptied the counters between the readings, so logins can have been missed. */
  readonly wasReset: boolean;
  /** What the next reading is compared with. */
  readonly kept: Pick<AccessReading, 'failures' | 'logins' | 'ahead'>;
}

/** `failures`: those since the earlier reading. `recorded`: the logins of each pair that are recorded today. */
export function count(
  earlier: AccessReading,
  now: LoginReading,
  {
    failures,
    flavour,
    recorded,
  }: {
    readonly failures: readonly LoginFailure[];
    readonly flavour: Flavour;
    readonly recorded: ReadonlyMap<string, number>;
  },
): Counting {
  const wasReset = now.logins !== null && isReset(earlier.logins ?? [], now.logins);
  const ahead = byPair(earlier.ahead ?? []);
  // MariaDB counts no failed login as a connection.
  const failed = sumByPair(flavour === 'mysql' ? failures : []);
  const failedOf = byPair(failed);
  const connected = byPair(wasReset ? [] : (earlier.logins ?? []));
  const pairs: Counted[] = [];
  const nextAhead: FailuresAhead[] = [];
  for (const { user, host, connections, open } of withFailed(now.logins ?? [], failed)) {
    if (user === null) continue;
    const pair = { user, host };
    const made = connections - (connected(pair)?.connections ?? 0);
    const failedHere = failedOf(pair)?.count ?? 0;
    const rest = made - Math.min(made, ahead(pair)?.count ?? 0) - failedHere;
    const logins = rest >= 0 ? rest : Math.max(rest, -(recorded.get(pairOf(pair)) ?? 0));
    const isOpen = open > 0;
    if (logins > rest) nextAhead.push({ user, host, count: logins - rest });
    if (logins !== 0 || failedHere > 0 || isOpen) {
      pairs.push({ user, host, logins, failures: failedHere, isOpen });
    }
  }
  const kept = {
    failures: now.failures ?? earlier.failures,
    logins: now.logins ?? earlier.logins,
    ahead: nextAhead,
  };
  return { pairs, wasReset, kept };
}

/** The reading to subtract. What it lacks counts from now on, not from the start of the server. */
export function earlierOf(before: AccessReading | null, now: LoginReading): AccessReading {
  if (before === null) return now;
  const { readAt } = before;
  // The new run began after the earlier reading.
  if (!isSameRun(before, now)) return { ...now, readAt, failures: [], logins: [] };
  return {
    ...{ readAt, startedAt: now.startedAt, ahead: before.ahead ?? [] },
    failures: before.failures ?? now.failures,
    logins: before.logins ?? now.logins,
  };
}

/** Failed logins of each pair, each connection once: the server counts it as a connection too. */
export function sumByPair(failures: readonly LoginFailure[]): readonly FailuresAhead[] {
  const sums = new Map<string, FailuresAhead>();
  for (const failure of failures) {
    const { user, host } = failure;
    if (user === null || host === null || !isLogin(failure) || !isConnection(failure)) continue;
    const pair = pairOf({ user, host });
    sums.set(pair, { user, host, count: (sums.get(pair)?.count ?? 0) + failure.count });
  }
  return [...sums.values()];
}

/** Also the pairs that have only failed, and whose connections were read too early. */
function withFailed(
  logins: readonly LoginCount[],
  failed: readonly FailuresAhead[],
): readonly LoginCount[] {
  if (failed.length === 0) return logins;
  const known = byPair(logins);
  const others = failed.filter((pair) => known(pair) === undefined);
  return [...logins, ...others.map(({ user, host }) => ({ user, host, connections: 0, open: 0 }))];
}
