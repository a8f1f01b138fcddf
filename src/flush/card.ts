// Whether the card of a pending request can be seen in Slack, and why not. Does I/O.
import { channel, type Spans, text } from '../chat/message.ts';
import { isFirst } from '../chat/once.ts';
import { pause } from '../chat/waiting.ts';
import { withOneRequester } from './approvers.ts';
import type { CardContext } from './messages.ts';
import type { FlushParts } from './parts.ts';
import { cardAgain, cardId } from './posts.ts';
import type { FlushRequest } from './request.ts';

/** A requester who reads no answer sooner than this asks again. */
const PATIENCE_MS = 3000;
const LOOK_MS = 200;

/** Deleted cards are noticed within this time; each look is one call of Slack. */
const LOOK_AGAIN_MINUTES = 0.5;

/** Waits up to 3 s for the card; null = it is posted, otherwise why not, as sentences. */
export async function waitForCard(request: FlushRequest, parts: FlushParts): Promise<Spans | null> {
  const { wait = pause } = parts;
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
    if ((await parts.postState(cardId(request)))?.state === 'sent') return null;
    await wait(LOOK_MS);
  }
  return await whyUnseen(request, parts);
}

/** Why nobody can see the card yet, as sentences; null = it is posted. */
export async function whyUnseen(request: FlushRequest, parts: FlushParts): Promise<Spans | null> {
  if (request.cardAt !== null) return null;
  const post = await parts.postState(cardId(request));
  if (post?.state === 'sent') return null;
  const why = post?.why ?? 'Slack has not answered yet.';
  return text(
    'Its card is not posted in ',
    channel(request.channel),
    ` yet, so nobody can approve it: ${why}`,
    ' The card is posted when that is fixed, within a day, and the time to approve begins then.',
  );
}

/** Posts the card of a pending request again if somebody deleted it. Looks every 30 s at most. */
export async function restoreCard(
  request: FlushRequest,
  card: CardContext,
  parts: FlushParts,
): Promise<void> {
  if (!(await isFirst(`card ${request.id}`, LOOK_AGAIN_MINUTES, parts))) return;
  await postAgainIfDeleted(request, card, parts);
}

/** Whether the card was deleted, and is posted again. */
export async function postAgainIfDeleted(
  request: FlushRequest,
  card: CardContext,
  parts: FlushParts,
): Promise<boolean> {
  if (!(await parts.isDeleted(request.id))) return false;
  const shown = await withOneRequester(card, request.requester, parts);
  await parts.flushes.tell([cardAgain(request, shown, parts.now())]);
  parts.wake();
  return true;
}
