import type { Command } from '../../chat/command.ts';
import { asTyped } from './pasted.ts';

/** The line in a message that mentions the bot: `@hostcache why 192.0.2.7`, `192.0.2.7 @hostcache`. */

/** What people put after a name: `@hostcache: why …`. */
const AFTER_NAME = /^[\s:,]+/;

/** Empty = the message has nothing but the mention. `bot`: the bot's own user id. */
export function mentionedLine(text: string, bot: string, read: (line: string) => Command): string {
  const mention = new RegExp(`<@${bot}(?:\\|[^<>]*)?>`);
  const [first = '', ...others] = text.split(mention);
  const before = asTyped(first).trim();
  const after = asTyped(others.join(' ').replace(AFTER_NAME, '')).trim();
  if (before === '' || after === '') return before || after;
  const named = read(after);
  if (named.isNamed) {
    // The error comes first: `ERROR 1130 … @hostcache why`.
    return named.asks.length > 0 && named.isForAll ? `${after} ${before}` : after;
  }
  const whole = `${before}\n${after}`;
  return [whole, after, before].find((line) => read(line).isUnderstood()) ?? whole;
}
