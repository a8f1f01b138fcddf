import { utc } from '../../chat/lists.ts';
import { counter, type HostCacheEntry } from '../../hostcache/entry.ts';
import { releaseOf, TRUNCATE } from '../../hostcache/release.ts';
import type { ServerSettings } from '../../hostcache/settings.ts';
import type { Case } from '../rule.ts';

/** Wordings that several rules share. */

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
