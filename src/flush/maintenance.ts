// Maintains open requests: expires old ones and finishes what a crash left behind. Does I/O.
import { targetNamed } from '../chat/on-servers.ts';
import { restoreCard } from './card.ts';
import { end } from './end.ts';
import { execute, withRequestLease } from './flush.ts';
import type { CardContext } from './messages.ts';
import type { FlushParts } from './parts.ts';
import { cardId, evidenceOf } from './posts.ts';
import { type FlushRequest, isExpired, isFresh } from './request.ts';
import { followUpAll } from './watch.ts';

/** One round. Called at the start and every few seconds. */
export async function maintainRequests(parts: FlushParts): Promise<void> {
  const open = await parts.flushes.open();
  // A server that hangs must not delay the requests of other servers.
  const kept = await Promise.allSettled([
    ...open.map((request) => look(request, parts)),
    followUpAll(parts),
  ]);
  for (const each of kept) {
    if (each.status === 'rejected')
      parts.log.error('maintenance of a flush request failed', { error: each.reason });
  }
}

async function look(request: FlushRequest, parts: FlushParts): Promise<void> {
  const target = targetNamed(request.server, parts);
  // If the server is no longer in the settings, the card is closed too.
  const card = target ?? { approvers: [] };
  if (request.state === 'pending') return await lookAtPending(request, card, parts);
  // If the lease is held, another process is working on it or crashed very recently.
  if (request.state === 'approved')
    await withRequestLease(request, parts, () => finish(request.id, parts));
}

async function lookAtPending(
  request: FlushRequest,
  card: CardContext,
  parts: FlushParts,
): Promise<void> {
  if (isExpired(request, parts.now())) {
    return await end(request, 'expired', 'Nobody approved it in time.', card, parts);
  }
  if (request.cardAt !== null) return await restoreCard(request, card, parts);
  const post = await parts.postState(cardId(request));
  if (post?.state !== 'refused') return;
  await end(request, 'expired', `Its card could not be posted: ${post.why}`, card, parts);
}

/** Finishes an approved request after a crash. A statement that was begun is never run again. */
async function finish(id: string, parts: FlushParts): Promise<void> {
  // Read again: it may have ended before we held the lease.
  const request = await parts.flushes.find(id);
  if (request?.state !== 'approved') return;
  const target = targetNamed(request.server, parts);
  const card = target ?? { approvers: [] };
  if ((await parts.flushes.begunAt(id)) !== null) {
    const says =
      'The program stopped while the statement ran, so its result is unknown. Check the server; the statement is not run again.';
    const evidence = evidenceOf(request, (await parts.flushes.snapshot(id))?.csv ?? null);
    return end(request, 'uncertain', says, card, parts, evidence);
  }
  if (target === undefined) {
    const says =
      'Not flushed: the program stopped first, and the server is no longer in the settings.';
    return end(request, 'failed', says, card, parts);
  }
  if (!isFresh(request, parts.now())) {
    const says = 'Not flushed: it was not executed within two minutes of its approval. Ask again.';
    return end(request, 'failed', says, card, parts);
  }
  return execute(request, target, parts);
}
