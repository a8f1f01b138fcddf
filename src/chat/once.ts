import { randomUUID } from 'node:crypto';
import { addMinutes } from 'date-fns/addMinutes';
import type { LeaseParts } from './lease.ts';

/** Recognizes requests that arrive twice: sent again by Slack, or by somebody who recorded them. */

/**
 * Whether no process that shares the state has begun this within the last `minutes`. Rejects as the
 * store does.
 */
export function isFirst(
  what: string,
  minutes: number,
  { leases, now }: Pick<LeaseParts, 'leases' | 'now'>,
): Promise<boolean> {
  const at = now();
  return leases.acquire(what, randomUUID(), at, addMinutes(at, minutes));
}
