import { paragraph, sentence } from '../chat/message.ts';
import { askEach, type ReadingParts } from '../chat/on-servers.ts';
import { answer, isReply, joinReplies, type Reply } from '../chat/reply.ts';
import type { Ask, Request, Subcommand } from '../chat/subcommand.ts';
import { askEachAddress, type Client } from './client.ts';
import { diagnose } from './diagnose.ts';
import { gather, type Target } from './gather.ts';
import { EXITS, exitOf, toJson } from './json.ts';
import { diagnosisMessage } from './messages.ts';
import { readWhy, understands } from './why-line.ts';
import { whyWith } from './why-with.ts';

/** `why`: why clients are refused, or that they are not, and what a flush would change. */

const CLIENT: Ask = {
  name: 'client',
  label: 'Which client: an address, a host name, or the whole error message',
  max: 3000,
  isOptional: false,
};
const ACCOUNT: Ask = {
  name: 'account',
  label: 'Under which account name',
  max: 32,
  isOptional: true,
  keyword: 'as',
};

export const whyCommand: Subcommand<ReadingParts<Target>> = {
  name: 'why',
  usage: `why <client> [as <account name>] [on <server>|all] [with "'<user>'@'<host>'"] [publicly]`,
  summary: 'Says why a client is refused, or that it is not, and what a flush would change.',
  example: 'why 192.0.2.7 as app',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql'],
  isForAll: true,
  options: ['server', 'user'],
  exits: EXITS,
  asks: ({ line, caller }) => (line === '' && caller.kind === 'person' ? [CLIENT, ACCOUNT] : []),
  form: () => ({
    title: 'Why is a client refused?',
    submit: 'Ask',
    blocks: async () => [
      paragraph(
        'Compares what the server remembers of the client, its accounts, and what DNS says now. ',
        'It only reads, and only you see the answer.',
      ),
    ],
  }),
  understands: (request, { targets }) => understands(request, targets),
  run: why,
};

async function why(request: Request, { targets, now }: ReadingParts<Target>): Promise<Reply> {
  const args = readWhy(request, targets);
  if (isReply(args)) return args;
  const { clients, notes, servers, supposed, isPublic } = args;
  const ask = supposed === null ? whyOn : whyWith(supposed);
  const perClient = await Promise.all(
    clients.map((client) => askEach(servers, (target) => ask(target, client, now()))),
  );
  const reply = joinReplies(perClient.flat());
  return { ...reply, messages: [...reply.messages, ...notes.map(sentence)], isPublic };
}

function whyOn(target: Target, client: Client, readAt: Date): Promise<Reply> {
  const { text, user, reported } = client;
  return askEachAddress(client, target, async (address, gaps) => {
    const diagnosis = diagnose(await gather(target, { client: address, user, reported, readAt }));
    const whole = { ...diagnosis, gaps: [...diagnosis.gaps, ...gaps] };
    return answer(diagnosisMessage(whole, text), [toJson(whole, text)], exitOf(whole));
  });
}
