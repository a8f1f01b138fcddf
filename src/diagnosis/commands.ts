import {
  type Ask,
  type ExitCode,
  joinParts,
  type Part,
  type Reply,
  type Request,
  refusal,
  type Subcommand,
} from '../chat/subcommand.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { type Address, parseAddress } from '../hostcache/address.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { explain } from './explain.ts';
import { refusedWish } from './fault.ts';
import { gather, type Target } from './gather.ts';
import { exitOf, toJson } from './json.ts';
import { diagnosisMessage } from './messages.ts';
import { readWish, type Wish } from './wish.ts';

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

/** A host name may stand for many addresses; so many are answered. */
const ADDRESSES_LIMIT = 8;

export interface DiagnosisParts {
  readonly targets: readonly Target[];
  readonly now: () => Date;
}

export const whyCommand: Subcommand<DiagnosisParts> = {
  name: 'why',
  usage: 'why <client> [as <account name>] [on <server>|all] [publicly]',
  summary: 'Says why a client is refused, or that it is not, and what a flush would change.',
  example: 'why 192.0.2.7 as app',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql'],
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
  const names = targets.map(({ server }) => server.name);
  const wish = readWish(request, names);
  if ('fault' in wish) {
    const { meaning, ...oneLine } = wish;
    // A script is told in one line; `explain` says the rest there.
    return joinParts([refusedWish(request.caller.kind === 'terminal' ? oneLine : wish)]);
  }
  const asked = targets.filter(({ server }) => wish.servers.includes(server.name));
  const answers = await Promise.all(
    wish.clients.flatMap((client) =>
      asked.map((target) => answersFor(client, target, wish, now())),
    ),
  );
  return { ...joinParts(answers.flat()), isPublic: wish.isPublic };
}

/** A host name gives an answer for each of its addresses. */
async function answersFor(
  client: string,
  target: Target,
  wish: Wish,
  readAt: Date,
): Promise<readonly Part[]> {
  const user = wish.user ?? wish.pastedUsers?.get(client) ?? null;
  const address = parseAddress(client);
  const found = address === null ? await addressesOf(client, target) : { addresses: [address] };
  if ('says' in found) return [refusal(found.says, found.exit)];
  const asked = found.addresses.slice(0, ADDRESSES_LIMIT);
  const more = found.addresses.length - asked.length;
  return Promise.all(
    asked.map(async (each, index): Promise<Part> => {
      const diagnosis = diagnose(await gather(target, { client: each, user, readAt }));
      const isCut = more > 0 && index === asked.length - 1;
      const gaps = isCut ? [...diagnosis.gaps, sayMore(client, more)] : diagnosis.gaps;
      return answerPart({ ...diagnosis, gaps }, client);
    }),
  );
}

/** At the end of the answers: those that are let in do not stand for the others. */
function sayMore(name: string, more: number): string {
  return more === 1
    ? `${name} has 1 more address, which was not asked about.`
    : `${name} has ${more} more addresses, which were not asked about.`;
}

type Addresses =
  | { readonly addresses: readonly Address[] }
  | { readonly says: string; readonly exit: ExitCode };

/** The addresses cached under the name, then those that DNS gives. */
async function addressesOf(name: string, { server, resolver }: Target): Promise<Addresses> {
  const [cached, forward] = await Promise.all([cachedUnder(name, server), resolver.forward(name)]);
  const fromDns = forward.kind === 'found' ? forward.values : [];
  const texts = new Set([...cached.texts, ...fromDns.map(({ text: each }) => each)]);
  const addresses = [...texts].map(parseAddress).filter((address) => address !== null);
  if (addresses.length > 0) return { addresses };
  const unsure = [
    ...(cached.why === null ? [] : [cached.why]),
    ...(forward.kind === 'failed' ? [`${resolver.label}: ${forward.why}.`] : []),
  ];
  if (unsure.length > 0) return { says: `${name}: no address found. ${unsure.join(' ')}`, exit: 3 };
  return {
    says: `${name}: expected a host name that ${server.name} has cached or that DNS knows; neither has an address for it. Ask with the client's address.`,
    exit: 2,
  };
}

async function cachedUnder(name: string, server: Target['server']) {
  try {
    const entries = await server.entriesOf(name);
    return { texts: entries.map(({ address }) => address), why: null };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { texts: [], why: error.message };
  }
}

function answerPart(diagnosis: Diagnosis, client: string): Part {
  return {
    message: diagnosisMessage(diagnosis, client),
    rows: [toJson(diagnosis, client)],
    exit: exitOf(diagnosis),
  };
}
