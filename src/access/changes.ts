import { accountName } from '../hostcache/account.ts';
import type { Coverage } from './coverage.ts';
import type { AccessDay } from './record.ts';

/** What changed among the accounts within a week. */

export interface AccountChanges {
  readonly since: Date;
  /** Account names, as quoted CURRENT_USER(). */
  readonly added: readonly string[];
  readonly dropped: readonly string[];
  readonly changed: readonly string[];
  /** They logged in before, and not within the week, in which nothing can have been missed. */
  readonly newlyUnused: readonly string[];
}

const WEEK_MS = 7 * 86_400_000;

export function weekBefore(at: Date): Date {
  return new Date(at.getTime() - WEEK_MS);
}

export function changesSince(
  {
    days,
    counters,
  }: {
    readonly days: readonly AccessDay[];
    readonly counters: { readonly now: { readonly readAt: Date } };
  },
  { wholeSince }: Coverage,
  rows: readonly {
    readonly account: { readonly user: string; readonly host: string };
    readonly lastSeenAt: Date | null;
    readonly mayBeUsed: boolean;
  }[],
): AccountChanges {
  const since = weekBefore(counters.now.readAt);
  const isWhole = wholeSince !== null && wholeSince <= since;
  const quiet = rows.filter(
    ({ lastSeenAt, mayBeUsed }) => !mayBeUsed && lastSeenAt !== null && lastSeenAt < since,
  );
  return {
    since,
    ...namedChanges(days, since),
    newlyUnused: isWhole ? quiet.map(({ account }) => accountName(account)) : [],
  };
}

/** What the sweeps found; an account that was dropped and made again has changed. */
export function namedChanges(
  days: readonly AccessDay[],
  since: Date,
): Pick<AccountChanges, 'added' | 'dropped' | 'changed'> {
  const changes = new Map<string, readonly ('added' | 'dropped' | 'changed')[]>();
  for (const event of days.flatMap(({ events }) => events)) {
    if (event.kind !== 'account' || event.at < since) continue;
    changes.set(event.account, [...(changes.get(event.account) ?? []), event.change]);
  }
  const sums = [...changes].map(([account, all]) => ({ account, sum: sumOf(all) }));
  const named = (wanted: string) =>
    sums.filter(({ sum }) => sum === wanted).map(({ account }) => account);
  return { added: named('added'), dropped: named('dropped'), changed: named('changed') };
}

/** What all changes of one account come to; null = it came and went. */
function sumOf(all: readonly ('added' | 'dropped' | 'changed')[]): string | null {
  const wasThere = all[0] !== 'added';
  const isThere = all.at(-1) !== 'dropped';
  if (wasThere && isThere) return 'changed';
  if (wasThere) return 'dropped';
  return isThere ? 'added' : null;
}
