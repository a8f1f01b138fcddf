import { randomUUID } from 'node:crypto';
import { type Block, bold, type Message, type Spans, text } from '../../chat/message.ts';
import type { Reply } from '../../chat/reply.ts';
import { isLate } from '../../chat/waiting.ts';
import type { Delivery } from '../../outbox/chat.ts';
import type { SlackParts } from './asking.ts';
import { shortPause } from './call-fault.ts';
import { cut } from './clean.ts';
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

/** How often a message is sent, if Slack has certainly not posted it. */
const TRIES = 3;

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
    const delivery = await send(user, privately(message), parts);
    if (delivery.kind === 'sent') continue;
    parts.log.error('an answer to App Home was not sent', { user, delivery });
    return ' The whole answer could not be sent to you.';
  }
  return null;
}

async function send(user: string, message: Message, { chat, wait }: SlackParts): Promise<Delivery> {
  const place = { channel: user, thread: null, isBroadcast: false };
  const key = `home/${randomUUID()}`;
  for (let tries = 1; ; tries += 1) {
    const delivery = await chat.post({ ...place, message, key });
    // Another try would not help, or might post the message twice.
    if (delivery.kind !== 'retry' || delivery.mayBeSent || tries === TRIES) return delivery;
    const pauseMs = shortPause(delivery.afterMs, 1000);
    if (pauseMs === null) return delivery;
    await wait(pauseMs);
  }
}

/** Removes buttons that post publicly: nobody else reads these messages. */
function privately({ headline, blocks }: Message): Message {
  return {
    headline,
    blocks: blocks.map(
      (block): Block =>
        block.kind === 'buttons'
          ? { ...block, buttons: block.buttons.filter(({ line }) => !/\spublicly$/.test(line)) }
          : block,
    ),
  };
}
