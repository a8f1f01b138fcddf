import { askEach, type ReadingParts } from '../chat/on-servers.ts';
import { answer, isReply, joinReplies, type Reply } from '../chat/reply.ts';
import type { Ask, Request, Subcommand } from '../chat/subcommand.ts';
import { askEachAddress } from './client.ts';
import { diagnose } from './diagnose.ts';
import { explain } from './explain.ts';
import { gather, type Target } from './gather.ts';
import { exitOf, toJson } from './json.ts';
import { diagnosisMessage } from './messages.ts';
import { readWhy, type WhyClient } from './why-args.ts';

export type { Target } from './gather.ts';

/** `why` and `explain`: why a client is refused, asked of the servers or of a pasted error alone. */

const CLIENT: Ask = {
  name: 'client',
  label: 'Which client: an address, a host name, or the whole error message',
  max: 2000,
  isOptional: false,
};
const ACCOUNT: Ask = {
  name: 'account',
  label: 'Under which account name',
  max: 32,
  isOptional: true,
  keyword: 'as',
};

export type DiagnosisParts = ReadingParts<Target>;

export const whyCommand: Subcommand<DiagnosisParts> = {
  name: 'why',
  usage: 'why <client> [as <account name>] [on <server>|all] [publicly]',
  summary: 'Says why a client is refused, or that it is not, and what a flush would change.',
  example: 'why 192.0.2.7 as app',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql'],
  options: ['server', 'user'],
  asks: ({ line, caller }) => (line === '' && caller.kind === 'person' ? [CLIENT, ACCOUNT] : []),
  run: why,
};

export const explainCommand: Subcommand<Pick<DiagnosisParts, 'now'>> = {
  name: 'explain',
  usage: 'explain [<error message>|file|-]',
  summary: 'Says what a pasted error message means, without asking a server.',
  example: "explain Host '192.0.2.7' is not allowed to connect to this MySQL server",
  surfaces: ['slack', 'terminal'],
  needs: [],
  run: async ({ line }, { now }) => explain(line, now()),
};

async function why(request: Request, { targets, now }: DiagnosisParts): Promise<Reply> {
  const args = readWhy(request, targets);
  if (isReply(args)) return args;
  const { clients, servers, isPublic } = args;
  const perClient = await Promise.all(
    clients.map((client) => askEach(servers, (target) => whyOn(target, client, now()))),
  );
  return { ...joinReplies(perClient.flat()), isPublic };
}

function whyOn(target: Target, client: WhyClient, readAt: Date): Promise<Reply> {
  return askEachAddress(client, target, async (address, gaps) => {
    const evidence = await gather(target, { client: address, user: client.user, readAt });
    const diagnosis = diagnose(evidence);
    const whole = { ...diagnosis, gaps: [...diagnosis.gaps, ...gaps] };
    return answer(
      diagnosisMessage(whole, client.text),
      [toJson(whole, client.text)],
      exitOf(whole),
    );
  });
}
