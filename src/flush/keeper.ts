// Looks after open requests: ends those whose time is over, finishes what a crash left.
import { targetNamed } from '../chat/on-servers.ts';
import { alone, end, executeAlone } from './flush.ts';
import type { FlushParts } from './parts.ts';
import { evidenceOf } from './posts.ts';
import { type FlushRequest, isFresh } from './request.ts';
import { watchAll } from './watch.ts';

/** One round; called every few seconds, and at the start. */
export async function keep(parts: FlushParts): Promise<void> {
  const open = await parts.flushes.open();
  // A server that hangs shall not keep the requests of the others waiting.
  const kept = await Promise.allSettled([
    ...open.map((request) => look(request, parts)),
    watchAll(parts),
  ]);
  for (const each of kept) {
    if (each.status === 'rejected')
      parts.log.error('a flush request could not be looked after', { error: each.reason });
  }
}

async function look(request: FlushRequest, parts: FlushParts): Promise<void> {
  const target = targetNamed(request.server, parts);
  // Of a server that is no longer in the settings, the card ends too; nobody is waited for.
  const card = target ?? { approvers: [] };
  if (request.state === 'pending' && parts.now() >= request.expiresAt) {
    await end(request, 'expired', 'Nobody approved it in time.', card, parts);
  }
  // Held: somebody is at it, or died so lately that the lease has not run out.
  if (request.state === 'approved') await alone(request, parts, () => finish(request.id, parts));
}

/** Approved, and whoever ran it may have died: never run again once it was begun. */
async function finish(id: string, parts: FlushParts): Promise<void> {
  // Read anew: it may have ended before it came into our hands.
  const request = await parts.flushes.find(id);
  if (request?.state !== 'approved') return;
  const target = targetNamed(request.server, parts);
  const card = target ?? { approvers: [] };
  if ((await parts.flushes.begunAt(id)) !== null) {
    const says =
      'The statement was begun and the program ended before it heard of the end. Look at the server; it is not run again.';
    const evidence = evidenceOf(request, (await parts.flushes.snapshot(id))?.csv ?? null);
    return end(request, 'uncertain', says, card, parts, evidence);
  }
  if (target === undefined) {
    const says =
      'Not flushed: the program ended before, and its server is not in the settings any more.';
    return end(request, 'failed', says, card, parts);
  }
  if (!isFresh(request, parts.now())) {
    const says =
      'Not flushed: nobody carried it out within two minutes of its approval. Ask again.';
    return end(request, 'failed', says, card, parts);
  }
  return executeAlone(request, target, parts);
}
