import { isReply } from '../../src/chat/reply.ts';
import type { Request } from '../../src/chat/subcommand.ts';
import { splitWords } from '../../src/chat/words.ts';
import { readWhy } from '../../src/diagnosis/why-line.ts';

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

/** What `why` is asked, told in texts: clients as they were typed, the account of each, servers by name; or why not. */
export function whyAsked(request: Request, names: readonly string[]) {
  const args = readWhy(
    request,
    names.map((name) => ({ server: { name } })),
  );
  if (isReply(args)) return { fault: args.messages.map(({ headline }) => headline).join('\n') };
  return {
    clients: args.clients.map(({ text }) => text),
    users: args.clients.map(({ user }) => user),
    servers: args.servers.map(({ server }) => server.name),
    isPublic: args.isPublic,
  };
}
