import { flawsOfBlocks } from '../../../sandbox/slack/drawing-rules.ts';
import { activesOf, plainText } from '../../../sandbox/slack/shown.ts';
import { slackMessage } from '../../../src/adapters/slack/blocks.ts';
import type { Message } from '../../../src/chat/message.ts';

/** What Slack would refuse, as our own peer knows it. */
export function flawsOf(message: Message): readonly unknown[] {
  const { blocks } = slackMessage(message);
  // block_ids are Slack's to give, so the peer is asked with some.
  return flawsOfBlocks(
    blocks.map((block, index) => ({ ...block, block_id: `b${index}` })),
    'message',
  );
}

export function drawnText(message: Message): string {
  return plainText(slackMessage(message) as unknown as Parameters<typeof plainText>[0]);
}

export function pingsOf(message: Message): readonly unknown[] {
  return activesOf(slackMessage(message) as unknown as Parameters<typeof activesOf>[0]);
}
