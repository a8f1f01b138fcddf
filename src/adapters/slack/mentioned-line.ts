import type { Command } from '../../chat/command.ts';
import { asTyped } from './pasted.ts';
import { postedText } from './posted.ts';

/** The line in a message that mentions the bot: `@hostcache why 192.0.2.7`, `192.0.2.7 @hostcache`. */

/** What people put after a name: `@hostcache: why …`. */
const AFTER_NAME = /^[\s:,]+/;

type Read = (line: string) => Command;

type Posted = Parameters<typeof postedText>[0];

/** Empty = the message has nothing but the mention. `bot`: the bot's own user id. */
export function mentionedLine(message: Posted, bot: string, read: Read): string {
  const line = typedLine(message.text, bot, read);
  // A snippet, or a message that somebody shares: `@hostcache why`.
  const shared = postedText({ ...message, text: '', blocks: undefined });
  const isWhole = line !== '' && !isQuestion(read(line));
  return isWhole || shared === '' ? line : `${line} ${shared}`.trim();
}

/** Whether it lacks something that can be read in the rest of the message. */
function isQuestion({ asks, isForAll }: Command): boolean {
  return asks.length > 0 && isForAll;
}

function typedLine(text: string, bot: string, read: Read): string {
  const mention = new RegExp(`<@${bot}(?:\\|[^<>]*)?>`);
  const [first = '', ...others] = text.split(mention);
  const before = asTyped(first).trim();
  const after = asTyped(others.join(' ').replace(AFTER_NAME, '')).trim();
  if (before === '' || after === '') return before || after;
  const named = read(after);
  if (named.isNamed) {
    // The error comes first: `ERROR 1130 … @hostcache why`.
    return isQuestion(named) ? `${after} ${before}` : after;
  }
  const whole = `${before}\n${after}`;
  return [whole, after, before].find((line) => read(line).isUnderstood()) ?? whole;
}
