import type { Block, Message } from '../../chat/message.ts';
import type { Delivery, NewMessage } from '../../outbox/chat.ts';
import type { SlackParts } from './asking.ts';
import { shortPause } from './call-fault.ts';

/** Posts an answer that somebody waits for, so it is not queued. Does I/O. */

/** How often a message is sent, if Slack has certainly not posted it. */
const TRIES = 3;

const PAUSE_MS = 1000;

/** Never rejects. */
export function postAnswer(
  message: Omit<NewMessage, 'isBroadcast'>,
  { chat, wait }: Pick<SlackParts, 'chat' | 'wait'>,
): Promise<Delivery> {
  return sendAgain(() => chat.post({ ...message, isBroadcast: false }), wait);
}

/** Sends until Slack accepts it, or may have accepted it. `send` never rejects. */
export async function sendAgain(
  send: () => Promise<Delivery>,
  wait: SlackParts['wait'],
): Promise<Delivery> {
  for (let tries = 1; ; tries += 1) {
    const delivery = await send();
    // Another try would not help, or might post the message twice.
    if (delivery.kind !== 'retry' || delivery.mayBeSent || tries === TRIES) return delivery;
    const pauseMs = shortPause(delivery.afterMs, PAUSE_MS);
    if (pauseMs === null) return delivery;
    await wait(pauseMs);
  }
}

/** Removes buttons that post publicly: nobody else reads the message, or everybody does already. */
export function withoutPosting({ headline, blocks }: Message): Message {
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
