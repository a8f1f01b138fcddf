/** Learns the subcommands as anybody could: asks the bot for its help, and reads it. */
import type { SlackPeer } from '../slack/peer.ts';
import { plainText } from '../slack/shown.ts';
import type { Completion } from './shape.ts';

/** A usage stands in a line of its own, what it does in the next. */
const USAGE = /^(?:\/hostcache )?([a-z]{2,15})(?: [<[].*)?$/;

/** Empty: the bot gave no help that could be read. The answer is seen by `asker` alone. */
export async function learnCompletions(
  slack: SlackPeer,
  asker: string,
  channel: string,
): Promise<readonly Completion[]> {
  const asked = await slack.command(asker, channel, '/hostcache help');
  if (asked.failure !== null) return [];
  const { shown } = await asked.answer();
  return completionsIn(shown.blocks.map((block) => plainText({ blocks: [block] })));
}

/** From the texts of the blocks of a help message. */
export function completionsIn(texts: readonly string[]): readonly Completion[] {
  return texts.flatMap((text) => {
    const [usage = '', summary = ''] = text.split('\n');
    const name = USAGE.exec(usage)?.[1];
    const isTold = name !== undefined && /[A-Za-z]/.test(summary);
    return isTold ? [{ name, usage: usage.replace(/^\/hostcache /, ''), summary }] : [];
  });
}
