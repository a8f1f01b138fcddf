import { listed } from './lists.ts';
import { isReply, joinReplies, type Reply, refuse } from './reply.ts';
import type { Request, Subcommand } from './subcommand.ts';
import { isUnreadable } from './unreadable.ts';
import { mapAtOnce } from './waiting.ts';
import { nearestName, shorten } from './words.ts';

/** Subcommands that read servers: chooses them by `on`, asks them at once, joins their answers. */

/** How many servers are asked at once; the others wait. */
export const SERVERS_AT_ONCE = 20;

/** Stands for every server where a name is expected. */
const ALL = 'all';

/** A refusal names at most this many servers. */
const SERVERS_NAMED = 10;

/** Any record about one configured server. */
export interface OnServer {
  readonly server: { readonly name: string };
}

/** What a subcommand that reads servers needs. */
export interface ReadingParts<S extends OnServer> {
  readonly targets: readonly S[];
  readonly now: () => Date;
}

/** A subcommand that asks each chosen server the same question. */
export interface ServerQuestion<S extends OnServer, Word>
  extends Pick<Subcommand, 'name' | 'summary' | 'example'> {
  /** Absent = both. */
  readonly surfaces?: Subcommand['surfaces'];
  /** The one word that may come before `on`; absent = none. */
  readonly word?: {
    /** As the usage shows it: `[<client>]`. */
    readonly usage: string;
    readonly read: (word: string) => Word | Reply;
  };
  /** `word` is null if none was typed. If this rejects as `Unreadable`, its message is the answer. */
  readonly ask: (target: S, readAt: Date, word: Word | null) => Promise<Reply>;
}

/** The subcommand `<name> [<word>] [on <server>|all]`. */
export function perServer<S extends OnServer, Word = never>(
  question: ServerQuestion<S, Word>,
): Subcommand<ReadingParts<S>> {
  const { name, summary, example, surfaces = ['slack', 'terminal'], word, ask } = question;
  return {
    name,
    usage: [name, ...(word === undefined ? [] : [word.usage]), '[on <server>]'].join(' '),
    summary,
    example,
    surfaces,
    needs: ['mysql'],
    isForAll: true,
    options: ['server'],
    run: async ({ words, options }, { targets, now }) => {
      const [first] = words;
      const hasWord = word !== undefined && first !== undefined && first.toLowerCase() !== 'on';
      const read = hasWord ? word.read(first) : null;
      if (isReply(read)) return read;
      const chosen = chooseServers({ words: hasWord ? words.slice(1) : words, options }, targets);
      if (isReply(chosen)) return chosen;
      return joinReplies(await askEach(chosen, (target) => ask(target, now(), read)));
    },
  };
}

/** One answer per server, in their order. `Unreadable` becomes an answer with exit code 3; other errors reject. */
export function askEach<S>(
  servers: readonly S[],
  ask: (server: S) => Promise<Reply>,
): Promise<readonly Reply[]> {
  return mapAtOnce(SERVERS_AT_ONCE, servers, async (server) => {
    try {
      return await ask(server);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      return refuse(error.message, 3);
    }
  });
}

/** The servers that `[on <server>|all]` names, or else the `--server` option; without both, all. */
export function chooseServers<S extends OnServer>(
  { words, options }: Pick<Request, 'words' | 'options'>,
  servers: readonly S[],
): readonly S[] | Reply {
  const [on, name, ...others] = words;
  const isOn = on?.toLowerCase() === 'on' && name !== undefined && others.length === 0;
  if (on !== undefined && !isOn) return notOnServer(words, servers);
  const asked = name ?? options.server ?? ALL;
  if (asked === ALL) return servers;
  const chosen = servers.filter(({ server }) => server.name === asked);
  return chosen.length === 0 ? unknownServer(asked, servers) : chosen;
}

/** undefined = no server with this name is configured. */
export function targetNamed<S extends OnServer>(
  name: string,
  { targets }: { readonly targets: readonly S[] },
): S | undefined {
  return targets.find(({ server }) => server.name === name);
}

/** `main, replica and 3 more`, as a refusal names them. */
export function serverNames(servers: readonly OnServer[]): string {
  return listed(namesOf(servers), SERVERS_NAMED);
}

function namesOf(servers: readonly OnServer[]): readonly string[] {
  return servers.map(({ server }) => server.name);
}

/** `Unknown server "mian": expected main, replica, all.` */
function unknownServer(name: string, servers: readonly OnServer[]): Reply {
  const says = `Unknown server "${shorten(name)}": expected ${serverNames(servers)}, ${ALL}.`;
  return refuse(says, 2, { word: name, instead: nearestName(name, namesOf(servers)) });
}

/** Suggests `on` if the wrong word precedes a server's name: `onn main`. */
function notOnServer(words: readonly string[], servers: readonly OnServer[]): Reply {
  const says = `Expected "on <server>", got "${shorten(words.join(' '))}".`;
  const [word = '', name, ...others] = words;
  const isNamed = others.length === 0 && servers.some(({ server }) => server.name === name);
  return refuse(says, 2, { word, instead: isNamed ? 'on' : null });
}
