import { listed } from './lists.ts';
import { isReply, joinReplies, type Reply, refuse } from './reply.ts';
import type { Request, Subcommand } from './subcommand.ts';
import { isUnreadable } from './unreadable.ts';
import { mapAtOnce } from './waiting.ts';
import { nearestName, shorten } from './words.ts';

/** Subcommands that read servers: which ones `on` names, all of them at once, their answers as one. */

/** So many servers at once; the others wait their turn. */
export const SERVERS_AT_ONCE = 20;

/** In place of a server's name. */
const ALL = 'all';

/** A refusal names no more servers than this. */
const SERVERS_NAMED = 10;

/** Whatever stands for one configured server. */
export interface OnServer {
  readonly server: { readonly name: string };
}

/** What a reading subcommand works with. */
export interface ReadingParts<S extends OnServer> {
  readonly targets: readonly S[];
  readonly now: () => Date;
}

/** One question, put to each chosen server. */
export interface ServerQuestion<S extends OnServer, Word> {
  readonly name: string;
  readonly summary: string;
  /** A line to try, without `/hostcache`. */
  readonly example: string;
  /** Left out: both. */
  readonly surfaces?: Subcommand['surfaces'];
  /** The one word that may stand before `on`; left out: none may. */
  readonly word?: {
    /** `[<client>]`, as usage says it. */
    readonly usage: string;
    readonly read: (word: string) => Word | Reply;
  };
  /** `word` is null where none was typed. Where this rejects as `Unreadable`, its sentence is the answer. */
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

/** An answer for each, in their order; one that cannot be read is told in one sentence, exit code 3. */
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

/** The servers that `[on <server>|all]`, or else the option, names; all where both are left out. */
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

/** undefined: none is configured under this name. */
export function targetNamed<S extends OnServer>(
  name: string,
  { targets }: { readonly targets: readonly S[] },
): S | undefined {
  return targets.find(({ server }) => server.name === name);
}

/** `main, replica and 3 more`, as a refusal names them. */
export function serverNames(servers: readonly OnServer[]): string {
  return listed(
    servers.map(({ server }) => server.name),
    SERVERS_NAMED,
  );
}

/** `Unknown server "mian": expected main, replica, all.` */
function unknownServer(name: string, servers: readonly OnServer[]): Reply {
  const says = `Unknown server "${shorten(name)}": expected ${serverNames(servers)}, ${ALL}.`;
  const instead = nearestName(
    name,
    servers.map(({ server }) => server.name),
  );
  return refuse(says, 2, { word: name, instead });
}

/** `onn main`: what was likely meant is the right word before a server's name. */
function notOnServer(words: readonly string[], servers: readonly OnServer[]): Reply {
  const says = `Expected "on <server>", got "${shorten(words.join(' '))}".`;
  const [word = '', name, ...others] = words;
  const isNamed = others.length === 0 && servers.some(({ server }) => server.name === name);
  return refuse(says, 2, { word, instead: isNamed ? 'on' : null });
}
