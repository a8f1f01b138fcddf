import { randomUUID } from 'node:crypto';
import { addMinutes } from 'date-fns/addMinutes';
import type { LeaseParts } from './lease.ts';
import { type Reply, refuse } from './reply.ts';
import type { Request, Subcommand } from './subcommand.ts';
import { isUnreadable } from './unreadable.ts';

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

/**
 * Much longer than Slack repeats anything or a signature is valid, because the clocks of replicas
 * may differ.
 */
const REMEMBERED_MINUTES = 24 * 60;

/** Whether this is the first request with this occasion. Rejects as the store does. */
export type IsFirstOccasion = (occasion: string) => Promise<boolean>;

export function createOccasions(parts: Pick<LeaseParts, 'leases' | 'now'>): IsFirstOccasion {
  return (occasion) => isFirst(`asked ${occasion}`, REMEMBERED_MINUTES, parts);
}

/**
 * Runs the subcommand; if it changes something, at most once for each click, line and form. The mark
 * is stored before it runs, so after a crash nothing has a second effect.
 */
export async function runOnce<Parts>(
  subcommand: Subcommand<Parts>,
  request: Request,
  parts: Parts,
  isFirstOccasion: IsFirstOccasion,
): Promise<Reply> {
  const { name, changes, repeated } = subcommand;
  const { caller } = request;
  const occasion = caller.kind === 'person' ? caller.occasion : undefined;
  if (changes === undefined || occasion === undefined) return await subcommand.run(request, parts);
  // A line that cannot be read is refused, also if the state is away.
  const isRead = subcommand.understands?.(request, parts) ?? true;
  if (!isRead) return await subcommand.run(request, parts);
  try {
    if (!(await isFirstOccasion(occasion)))
      return (await repeated?.(request, parts)) ?? handledBefore(name);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return refuse(`Nothing was ${changes}: ${error.message}`, 3);
  }
  return await subcommand.run(request, parts);
}

function handledBefore(name: string): Reply {
  return refuse(
    `${name}: this request was already handled; it is not repeated. If you got no answer, send it again.`,
  );
}
