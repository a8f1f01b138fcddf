import { RespondError, type RespondFn } from '@slack/bolt';
import type { Message } from '../../chat/message.ts';
import type { Reply } from '../../chat/reply.ts';
import { isLate } from '../../chat/waiting.ts';
import type { SlackParts } from './asking.ts';
import { formsOf, joined, type SlackMessage, slackMessage } from './blocks.ts';
import type { Lacking } from './modal.ts';

/** Sends a reply to one person, through the response_url of the command or click. Does I/O. */

/** Where the line came from, and where the answer goes. */
export type Asked = Lacking['asked'];

type ReplyParts = Pick<SlackParts, 'log' | 'wait'> & { readonly respond: RespondFn };

/** A response_url accepts five answers within 30 minutes. */
const USES = 5;

/** One use is for "Looking…", and one is reserved for a second try. */
const MESSAGES = 3;

/** Slack shows "operation timed out" after three seconds, and people then try again. */
export const PATIENCE_MS = 2000;

const RETRY_MS = [1000, 4000];

type Payload = Exclude<Parameters<RespondFn>[0], string> & { readonly blocks?: unknown };

/** Never rejects: a failed delivery is logged. */
export async function sendReply(
  reply: Promise<Reply>,
  asked: Asked,
  parts: ReplyParts,
): Promise<void> {
  const send = createSender(asked, parts);
  const late = await isLate(reply, PATIENCE_MS, parts.wait);
  // After a click that replaces nothing, a second private message cannot replace the first.
  const isLooking = late && asked.from !== 'click';
  if (late) {
    const replaces = asked.from === 'replacing';
    await send({ response_type: 'ephemeral', replace_original: replaces, text: 'Looking…' });
  }
  const { messages, isPublic } = await reply;
  // A public answer cannot replace a private one.
  if (isLooking && isPublic) await send({ delete_original: true });
  for (const [index, message] of packed(messages).entries()) {
    const isPrivate = !isPublic && index === 0;
    const replaces = isPrivate && (isLooking || asked.from === 'replacing');
    await send(
      ...formsOf(message).map((form) => payloadOf(slackMessage(message, form), isPublic, replaces)),
    );
  }
}

/**
 * Sends the first form of a message that Slack accepts, and the same one again if that can help.
 * Counts the uses of the response_url.
 */
function createSender(
  { thread }: Asked,
  { respond, log, wait }: ReplyParts,
): (...forms: readonly Payload[]) => Promise<void> {
  const place = thread === null ? {} : { thread_ts: thread };
  let uses = 0;

  async function sendOnce(payload: Payload): Promise<Fault | null> {
    if (uses >= USES) return { why: `its response_url was used ${USES} times`, isRefusal: true };
    uses += 1;
    return await attempt(respond, { ...payload, ...place });
  }

  /** null = sent. */
  async function sendForm(payload: Payload): Promise<Fault | null> {
    let fault = await sendOnce(payload);
    for (const waitMs of RETRY_MS) {
      if (fault === null || fault.isRefusal) break;
      log.warn('Slack did not accept an answer', { fault: fault.why });
      await wait(waitMs);
      fault = await sendOnce(payload);
    }
    return fault;
  }

  /** Once a form was not accepted, later messages begin with the next one. */
  let simplest = 0;

  return async (...forms) => {
    for (const [index, payload] of forms.entries()) {
      const isLast = index === forms.length - 1;
      if (index < simplest && !isLast) continue;
      const fault = await sendForm(payload);
      if (fault === null) return;
      simplest = index + 1;
      if (isLast) log.error('an answer could not be sent', { fault: fault.why });
      else
        log.warn('Slack does not accept an answer; a simpler form is sent', { fault: fault.why });
    }
  };
}

interface Fault {
  readonly why: string;
  /** Slack would refuse the same again. */
  readonly isRefusal: boolean;
}

/** null = Slack accepted the answer. */
async function attempt(respond: RespondFn, payload: Payload): Promise<Fault | null> {
  try {
    const response = await respond(payload);
    const body = await response.text();
    const isRefusal = /"ok"\s*:\s*false/.test(body);
    return isRefusal ? { why: body.slice(0, 200), isRefusal } : null;
  } catch (error) {
    if (error instanceof RespondError) {
      const { statusCode } = error;
      const isRefusal = statusCode >= 400 && statusCode < 500 && statusCode !== 429;
      return { why: `status ${statusCode}`, isRefusal };
    }
    return { why: String(error), isRefusal: false };
  }
}

function payloadOf(message: SlackMessage, isPublic: boolean, replaces: boolean): Payload {
  return {
    response_type: isPublic ? 'in_channel' : 'ephemeral',
    // Also given if false: otherwise Slack replaces the clicked message.
    replace_original: replaces,
    unfurl_links: false,
    unfurl_media: false,
    ...(message.blocks.length > 0 ? message : { text: message.text }),
  };
}

/** At most MESSAGES messages; if there are more, neighbours are joined. */
export function packed(messages: readonly Message[]): readonly Message[] {
  if (messages.length <= MESSAGES) return messages;
  const perPost = Math.ceil(messages.length / MESSAGES);
  return Array.from({ length: Math.ceil(messages.length / perPost) }, (_, post) =>
    joined(messages.slice(post * perPost, (post + 1) * perPost)),
  );
}
