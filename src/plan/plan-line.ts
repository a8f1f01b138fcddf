import { chooseServers, type OnServer } from '../chat/on-servers.ts';
import { isReply, type Reply } from '../chat/reply.ts';
import type { Request } from '../chat/subcommand.ts';
import { joinWords, splitWords } from '../chat/words.ts';
import type { Change } from './change.ts';
import { readChange } from './read-change.ts';

/** Reads the line of a plan: `skip-name-resolve on on main publicly`. */

export interface PlanArgs<S> {
  readonly change: Change;
  readonly servers: readonly S[];
  readonly isPublic: boolean;
}

/** The end of the line: a server's name may be quoted. */
const PUBLICLY = /(?:^|\s)publicly$/i;
const SERVER = /(?:^|\s)on\s+("(?:[^"\\]|\\.)*"|'[^']*'|\S+)$/is;

interface PlanLine {
  /** Without its options. */
  readonly text: string;
  /** undefined = none was typed. */
  readonly server: string | undefined;
  /** With the server, which may be part of the change. */
  readonly whole: string;
  readonly isPublic: boolean;
}

export function readPlan<S extends OnServer>(
  request: Request,
  targets: readonly S[],
): PlanArgs<S> | Reply {
  const { text, server, whole, isPublic } = splitPlan(request);
  const isNamed = server === 'all' || targets.some((target) => target.server.name === server);
  // The name of an account can contain the word.
  const isWhole = !isNamed && server !== undefined && !isReply(readChange(whole));
  const on = server === undefined || isWhole ? [] : ['on', server];
  const servers = chooseServers({ words: on, options: request.options }, targets);
  if (isReply(servers)) return servers;
  const change = readChange(isWhole ? whole : text);
  return isReply(change) ? change : { change, servers, isPublic };
}

/** Whether the line names no change yet. */
export function lacksChange(request: Pick<Request, 'words' | 'line'>): boolean {
  return splitPlan(request).text === '';
}

/** The server and `publicly` stand at the end, in any order. */
function splitPlan(request: Pick<Request, 'words' | 'line'>): PlanLine {
  let text = typedText(request).trim();
  // A text without words, from a program, holds no options.
  if (request.words.length === 0) return { text, server: undefined, whole: text, isPublic: false };
  let whole = text;
  let server: string | undefined;
  let isPublic = false;
  for (;;) {
    const end = PUBLICLY.exec(text) ?? (server === undefined ? SERVER.exec(text) : null);
    if (end === null) return { text, server, whole: server === undefined ? text : whole, isPublic };
    const [, named] = end;
    if (named === undefined) isPublic = true;
    else {
      [server] = splitWords(named);
      whole = text;
    }
    text = text.slice(0, end.index).trimEnd();
  }
}

/** A form hands on an answer as one word, after the server that the line named. */
function typedText({ words, line }: Pick<Request, 'words' | 'line'>): string {
  const [first = '', server = '', answer, ...others] = words;
  if (words.length === 1) return first;
  const isFirst = first.toLowerCase() === 'on' && answer !== undefined && others.length === 0;
  return isFirst ? `${answer} on ${joinWords([server])}` : line;
}
