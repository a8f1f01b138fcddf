import { randomUUID } from 'node:crypto';
import { bold, type Message, type Spans, text } from '../../chat/message.ts';
import type { Reply } from '../../chat/reply.ts';
import { isLate } from '../../chat/waiting.ts';
import type { SlackParts } from './asking.ts';
import { cut } from './clean.ts';
import { postAnswer, withoutPosting } from './post-answer.ts';
import { sendFiles } from './send-files.ts';
import { PATIENCE_MS, packed } from './send-reply.ts';

/** Answers clicks in App Home. It has no channel, so answers go to the person's direct messages. Does I/O. */

/** A click in App Home, or a form that was opened there. */
export interface HomeClick {
  readonly user: string;
  readonly line: string;
  /** The new page is the answer; no message is sent. */
  readonly replaces: boolean;
}

const NOTICE_LIMIT = 400;
const LINE_LIMIT = 100;

/** Sends the answer to the person, and redraws the page with a notice of it. Never rejects. */
export async function answerAtHome(
  reply: Promise<Reply>,
  { user, line, replaces }: HomeClick,
  parts: SlackParts,
): Promise<void> {
  if (await isLate(reply, PATIENCE_MS, parts.wait)) {
    await parts.tab.publish(user, { notice: text('Looking… ', bold(cut(line, LINE_LIMIT))) });
  }
  const { messages } = await reply;
  const fault = replaces ? null : await sendAll(user, messages, parts);
  if (!replaces) await sendFiles(reply, { user }, parts);
  const where = replaces ? '' : ' The whole answer is in Messages.';
  const notice = noticeOf(line, messages, fault ?? where);
  await parts.tab.publish(user, { notice });
}

function noticeOf(line: string, messages: readonly Message[], after: string): Spans {
  const headlines = messages.map(({ headline }) => headline).join(' ');
  return text(bold(`${cut(line, LINE_LIMIT)}: `), `${cut(headlines, NOTICE_LIMIT)}${after}`);
}

/** null = everything was sent; otherwise the end of a notice that says it was not. */
async function sendAll(
  user: string,
  messages: readonly Message[],
  parts: SlackParts,
): Promise<string | null> {
  for (const message of packed(messages)) {
    const key = `home/${randomUUID()}`;
    const post = { channel: user, thread: null, message: withoutPosting(message), key };
    const delivery = await postAnswer(post, parts);
    if (delivery.kind === 'sent') continue;
    parts.log.error('an answer to App Home was not sent', { user, delivery });
    return ' The whole answer could not be sent to you.';
  }
  return null;
}
