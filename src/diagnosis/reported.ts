import type { Account } from '../hostcache/account.ts';
import { type HostCacheEntry, NULL_CAUSES } from '../hostcache/entry.ts';
import { type Speaker, speakerOf } from '../pasted/wording.ts';
import { type Evidence, sessionsOf } from './evidence.ts';
import type { ServerAnswer } from './predict.ts';

/** What really happened to the client, compared with what the tables say. */

/** What a pasted text says of a client. */
export interface Reported {
  /** The number of the error; null = the text has none. */
  readonly error: number | null;
  /** Who refused the client; `client`: its driver reports that it did not get that far. */
  readonly by: Speaker;
}

export function reportedBy(error: number | null): Reported {
  return { error, by: error === null ? 'mysql' : speakerOf(error) };
}

/**
 * What says that the server refuses this client at the host check (1130) although the tables
 * admit it: a pasted error, or the last connection as its entry counted it. null = nothing does.
 */
export type Contradiction = 'reported' | 'counted';

export function contradictionOf(
  evidence: Evidence,
  tables: ServerAnswer,
  admitting: readonly Account[],
): Contradiction | null {
  if (tables.outcome !== 'admitted' && tables.outcome !== 'denied') return null;
  if (hasLoggedInSince(evidence)) return null;
  if (evidence.reported?.error === 1130) return 'reported';
  return wasRefusedLast(evidence, admitting) ? 'counted' : null;
}

/** Whether a connection without an error came after the last one with an error, or is open now. */
function hasLoggedInSince(evidence: Evidence): boolean {
  const { entry } = evidence;
  if (sessionsOf(evidence) > 0) return true;
  if (!entry.known || entry.value === null) return false;
  const { lastSeenAt, lastErrorAt } = entry.value;
  return lastSeenAt !== null && lastErrorAt !== null && lastSeenAt > lastErrorAt;
}

/**
 * Only where all of these hold: the entry counts no other error; it still has the name of that time
 * (after a lookup that DNS did not answer it may have another since); some account that admits the
 * client is older than the error.
 */
function wasRefusedLast({ entry, reported }: Evidence, admitting: readonly Account[]): boolean {
  if (reported !== null || !entry.known || entry.value === null) return false;
  const { validated, lastErrorAt } = entry.value;
  const errors = errorsOf(entry.value);
  if (!validated || lastErrorAt === null) return false;
  if (errors.length !== 1 || errors[0] !== 'COUNT_HOST_ACL_ERRORS') return false;
  return admitting.some(({ changedAt }) => isOlder(changedAt, lastErrorAt));
}

/** Both times are whole seconds, one cut and one rounded. */
function isOlder(changedAt: Date | null, than: Date): boolean {
  return changedAt !== null && than.getTime() - changedAt.getTime() >= 2000;
}

/** The columns above 0, without those of a lookup that gave no name for good. */
function errorsOf({ counters }: HostCacheEntry): readonly string[] {
  const lasting: readonly string[] = Object.values(NULL_CAUSES);
  return Object.entries(counters).flatMap(([column, count]) =>
    count > 0 && !lasting.includes(column) ? [column] : [],
  );
}
