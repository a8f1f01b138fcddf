/** Learns the subcommands from the bot's `help`. Does I/O. */
import type { SlackPeer } from '../slack/peer.ts';
import { plainText } from '../slack/shown.ts';
import type { Completion } from './shape.ts';

/** A line with a usage; the next line is its summary. */
const USAGE = /^(?:\/hostcache )?([a-z]{2,15})(?: [<[].*)?$/;

/** Empty: no help in the expected form. Only `asker` sees the answer. */
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

/** `texts` are the blocks of a help message. */
export function completionsIn(texts: readonly string[]): readonly Completion[] {
  return texts.flatMap((text) => {
    const [usage = '', summary = ''] = text.split('\n');
    const name = USAGE.exec(usage)?.[1];
    const hasSummary = name !== undefined && /[A-Za-z]/.test(summary);
    return hasSummary ? [{ name, usage: usage.replace(/^\/hostcache /, ''), summary }] : [];
  });
}
