// Keeps refused approvals and rejections in the audit of their request. Does I/O.
import { plain, type Spans } from '../chat/message.ts';
import { type Reply, refuse } from '../chat/reply.ts';
import type { Request, Subcommand } from '../chat/subcommand.ts';
import type { FlushParts } from './parts.ts';
import type { FlushRequest } from './request.ts';

/** What a line of `approve` or `reject` would do to its request. */
type Intent = 'approved' | 'rejected' | 'shown';

/** The id of a flush request in a word of a line; null = it is none. */
export function requestId(word: string): string | null {
  return /^FR-\d+$/i.test(word) ? word.toUpperCase() : null;
}

/** The refusal, after it is added to the audit. `by`: null = not a person. */
export async function refuseAudited(
  { id }: FlushRequest,
  by: string | null,
  what: string,
  why: Spans,
  { flushes, now }: FlushParts,
): Promise<Reply> {
  await flushes.refused({ request: id, at: now(), by, what: `${what}: ${plain(why)}` });
  return refuse(why);
}

/**
 * Records a person whom the guard refused. It runs in the background, because the refusal must not
 * depend on the state.
 */
export function recordGuarded(
  intent: (asked: Request) => Intent,
): NonNullable<Subcommand<FlushParts>['refused']> {
  return (asked, reply, parts) => parts.inBackground(record(intent(asked), asked, reply, parts));
}

/** Never rejects. */
async function record(
  intent: Intent,
  { words, caller }: Request,
  reply: Reply,
  { flushes, now, log }: FlushParts,
): Promise<void> {
  const id = requestId(words[0] ?? '');
  if (id === null || caller.kind !== 'person') return;
  const by = caller.user;
  try {
    // Ids that nobody has used leave no trace, so what can be recorded is limited.
    if ((await flushes.find(id)) === null) return;
    const why = reply.messages[0]?.headline ?? 'no reason given';
    await flushes.refused({ request: id, at: now(), by, what: `refused to be ${intent}: ${why}` });
  } catch (error) {
    log.warn('a refusal was not recorded', { request: id, user: by, error });
  }
}
