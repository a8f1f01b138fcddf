import { utc } from '../../chat/lists.ts';
import type { Account } from '../../hostcache/account.ts';
import { counter, type HostCacheEntry } from '../../hostcache/entry.ts';
import { releaseOf, TRUNCATE } from '../../hostcache/release.ts';
import type { ServerSettings } from '../../hostcache/settings.ts';
import type { Case, Severity } from '../rule.ts';

/** What several rules ask of a case. */

/** The entry that the server holds for this client; null = none, or not known. */
export function entryOf({ evidence }: Case): HostCacheEntry | null {
  return evidence.entry.known ? evidence.entry.value : null;
}

export function settingsOf({ evidence }: Case): ServerSettings | null {
  return evidence.settings.known ? evidence.settings.value : null;
}

export function counterOf(subject: Case, column: string): number {
  const entry = entryOf(subject);
  return entry === null ? 0 : counter(entry, column);
}

/** Refused (1130) or denied (1045), as things stand. */
export function isKeptOut({ prediction }: Case): boolean {
  return ['refused', 'denied'].includes(prediction.now.outcome);
}

/** `, since 2026-11-21 04:00:12 UTC`, or nothing. */
export function since(at: Date | null): string {
  return at === null ? '' : `, since ${utc(at)}`;
}

/** The one statement that empties the cache on this server. */
export function flushStatement(subject: Case): string {
  const settings = settingsOf(subject);
  const { sql } = settings === null ? TRUNCATE : releaseOf(settings).flush;
  return `${sql};`;
}

/** A name matters where a flush, or DNS and then a flush, lets somebody in who is kept out. */
export function severityOfName({ forecast, prediction }: Case): Severity {
  switch (forecast.effect) {
    case 'cures':
      return 'blocking';
    case 'cures-after-fix':
      // The user that was asked for is in, and another of its rows waits.
      if (prediction.nowUnblocked.account?.user) return 'note';
      // Where some account can log in without a name, perhaps nobody wants the others.
      return forecast.accounts.some(({ account, now }) => now && isUsable(account))
        ? 'degraded'
        : 'blocking';
    case 'changes-account':
    case 'unknown':
      return 'degraded';
    case 'breaks':
      return 'risk';
    case 'unblocks':
    case 'useless':
      return prediction.nowUnblocked.outcome === 'admitted' ? 'note' : 'risk';
  }
}

/** Somebody could log in on this row: no role, no lock, a name. */
function isUsable({ isRole, locked, user }: Account): boolean {
  return !isRole && locked !== true && user !== '';
}
