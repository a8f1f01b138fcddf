import type { Request } from '../../src/chat/subcommand.ts';
import { splitWords } from '../../src/chat/words.ts';

/** What a subcommand is asked, as the two surfaces hand it on. */

/** Typed in Slack after the subcommand. */
export function slackRequest(line: string): Request {
  const caller = { kind: 'person', user: 'U1', channel: 'C1', thread: null } as const;
  return { words: splitWords(line), line, options: {}, caller };
}

/** Words that a shell has split, with `--server` and `--user` where given. */
export function terminalRequest(
  words: readonly string[],
  options: Request['options'] = {},
): Request {
  return { words, line: words.join(' '), options, caller: { kind: 'terminal' } };
}
