// Ends a flush request: stores its final state, with its card and evidence. Does I/O.
import { isUnreadable } from '../chat/unreadable.ts';
import { pause } from '../chat/waiting.ts';
import type { PostContent } from '../outbox/store.ts';
import type { CardContext } from './messages.ts';
import type { FlushParts } from './parts.ts';
import { endingOf } from './posts.ts';
import type { FlushRequest, FlushState } from './request.ts';

type End = (
  request: FlushRequest,
  to: FlushState,
  outcome: string,
  card: CardContext,
  parts: FlushParts,
  evidence?: readonly PostContent[],
) => Promise<void>;

/** Does nothing if the request is no longer in the state that `request` has. */
export const end: End = (...ending) => endWithin(1, ending);

/** The result of a statement is known only here: if it is not stored, it is lost. */
const TRIES = 3;
const TRY_PAUSE_MS = 200;

/** The same, and tries again if the state does not answer. */
export const endSurely: End = (...ending) => endWithin(TRIES, ending);

async function endWithin(tries: number, ending: Parameters<End>): Promise<void> {
  const [request, to, outcome, card, parts, evidence = []] = ending;
  const { id, state } = request;
  const { change, posts } = endingOf(request, to, outcome, card, parts.now(), evidence);
  for (let left = tries - 1; ; left -= 1) {
    try {
      const isMoved = await parts.flushes.move(id, state, to, change, posts);
      // The answer to an earlier try may have been lost after it was stored.
      const isEnded = isMoved || (left < tries - 1 && (await isStored(id, change.at, parts)));
      if (isEnded) notify(request, to, parts);
      return;
    } catch (error) {
      if (!isUnreadable(error) || left === 0) throw error;
      parts.log.warn('the end of a flush is not stored yet', { request: id, error });
    }
    await (parts.wait ?? pause)(TRY_PAUSE_MS);
  }
}

async function isStored(id: string, at: Date, { flushes }: FlushParts): Promise<boolean> {
  return (await flushes.find(id))?.changedAt.getTime() === at.getTime();
}

export function notify({ server }: FlushRequest, to: FlushState, parts: FlushParts): void {
  parts.flushed?.(server, to);
  parts.wake();
}
