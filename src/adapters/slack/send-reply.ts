import { RespondError, type RespondFn } from '@slack/bolt';
import type { Log } from '../../chat/log.ts';
import type { Message } from '../../chat/message.ts';
import type { Reply } from '../../chat/reply.ts';
import { isLate, type Wait } from '../../chat/waiting.ts';
import { joined, type SlackMessage, slackMessage } from './blocks.ts';

/** A reply on its way to one person, through the response_url that came with the command or click. */

export interface Asked {
  /**
   * `replacing`: a private answer takes the place of what was clicked; `home`: a click in App Home,
   * which has no response_url.
   */
  readonly from: 'command' | 'click' | 'replacing' | 'home';
  /** Where the click stands in a thread; null = in the channel itself. */
  readonly thread: string | null;
}

export interface ReplyParts {
  readonly respond: RespondFn;
  readonly log: Log;
  readonly wait: Wait;
}

/** A response_url takes five answers within 30 minutes. */
const USES = 5;

/** One use is for "Looking…", and one is kept for a second try. */
const MESSAGES = 3;

/** Slack's own "operation timed out" comes after three seconds; by then people have pressed again. */
export const PATIENCE_MS = 2000;

const RETRY_MS = [1000, 4000];

type Payload = Exclude<Parameters<RespondFn>[0], string>;

/** Never rejects: what could not be delivered is in the log. */
export async function sendReply(
  reply: Promise<Reply>,
  asked: Asked,
  parts: ReplyParts,
): Promise<void> {
  const send = createSender(asked, parts);
  const late = await isLate(reply, PATIENCE_MS, parts.wait);
  // After a click on what stays, a second private message cannot take the place of the first.
  const isLooking = late && asked.from !== 'click';
  if (late) await send(looking(asked));
  const { messages, isPublic } = await reply;
  // A public answer cannot take the place of a private one.
  if (isLooking && isPublic) await send({ delete_original: true });
  for (const [index, message] of packed(messages).entries()) {
    const isPrivate = !isPublic && index === 0;
    const replaces = isPrivate && (isLooking || asked.from === 'replacing');
    await send(payloadOf(slackMessage(message), isPublic, replaces));
  }
}

/** Sends one message, again where that can help; counts the uses of the response_url. */
function createSender(
  { thread }: Asked,
  { respond, log, wait }: ReplyParts,
): (payload: Payload) => Promise<void> {
  const place = thread === null ? {} : { thread_ts: thread };
  let uses = 0;

  async function sendOnce(payload: Payload): Promise<Fault | null> {
    if (uses >= USES) return { why: `its response_url was used ${USES} times`, isRefusal: true };
    uses += 1;
    return await attempt(respond, { ...payload, ...place });
  }

  return async (payload) => {
    let fault = await sendOnce(payload);
    for (const waitMs of RETRY_MS) {
      if (fault === null) return;
      log.warn('an answer was not taken', { fault: fault.why });
      if (fault.isRefusal) {
        fault = await sendOnce(withoutBlocks(payload));
        break;
      }
      await wait(waitMs);
      fault = await sendOnce(payload);
    }
    if (fault !== null) log.error('an answer was lost', { fault: fault.why });
  };
}

/** What Slack refused is said again in one plain line. */
function withoutBlocks(payload: Payload & { readonly blocks?: unknown }): Payload {
  const { blocks: _, ...plain } = payload;
  return plain;
}

interface Fault {
  readonly why: string;
  /** Slack would refuse the same again. */
  readonly isRefusal: boolean;
}

/** null: taken. */
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

function looking({ from }: Asked): Payload {
  return {
    response_type: 'ephemeral',
    replace_original: from === 'replacing',
    text: 'Looking…',
  };
}

function payloadOf(message: SlackMessage, isPublic: boolean, replaces: boolean): Payload {
  return {
    response_type: isPublic ? 'in_channel' : 'ephemeral',
    // Said also where nothing is replaced: after a click Slack would else overwrite what was clicked.
    replace_original: replaces,
    unfurl_links: false,
    unfurl_media: false,
    ...message,
  };
}

/** As many messages as may be sent; more are joined, neighbours first. */
export function packed(messages: readonly Message[]): readonly Message[] {
  if (messages.length <= MESSAGES) return messages;
  const perPost = Math.ceil(messages.length / MESSAGES);
  return Array.from({ length: Math.ceil(messages.length / perPost) }, (_, post) =>
    joined(messages.slice(post * perPost, (post + 1) * perPost)),
  );
}
