import { chooseServers, type OnServer } from '../chat/on-servers.ts';
import { isReply, type Reply, refuse } from '../chat/reply.ts';
import type { Request } from '../chat/subcommand.ts';
import { nearest, shorten } from '../chat/words.ts';
import { type AccountPlace, readAccount } from '../hostcache/account-text.ts';
import { type Client, readClient } from './client.ts';
import { clientsIn, holdsError, isExplained, type PastedClients } from './pasted-clients.ts';

/** Reads the line of `why`: which clients, under which account name, on which servers. */

/** Whether the line names a client, or an error whose meaning is known. */
export function understands(request: Request, targets: readonly OnServer[]): boolean {
  return !isReply(readWhy(request, targets)) || isExplained(request.line);
}

/** The parsed line: which clients, on which servers. */
export interface WhyArgs<S> {
  readonly clients: readonly Client[];
  /** What of a pasted text is not answered. */
  readonly notes: readonly string[];
  readonly servers: readonly S[];
  /** An account that the answer supposes to exist; null = none. */
  readonly supposed: AccountPlace | null;
  readonly isPublic: boolean;
}

/** Parses what was typed or pasted. Options in the line win over `--server` and `--user`. */
export function readWhy<S extends OnServer>(
  request: Request,
  targets: readonly S[],
): WhyArgs<S> | Reply {
  const names = targets.map(({ server }) => server.name);
  const line = readLine(request, names);
  if (isReply(line)) return line;
  const options = { ...request.options, ...line.options };
  const { server, user, account, isPublic = false } = options;
  const supposed = account === undefined ? null : readAccount(account);
  if (typeof supposed === 'string') return refuse(supposed);
  const on = server === undefined ? [] : ['on', server];
  const servers = chooseServers({ words: on, options: {} }, targets);
  if (isReply(servers)) return servers;
  const clients = line.clients.map((client) => ({ ...client, user: user ?? client.user }));
  return { clients, notes: line.notes, servers, supposed, isPublic };
}

interface Line extends PastedClients {
  readonly options: WhyOptions;
}

const OPTION_WORDS = ['as', 'on', 'with', 'publicly'];

/** The field of `WhyOptions` that takes the word after it, and what the word must be. */
const VALUES = new Map([
  ['as', { field: 'user', expected: 'an account name' }],
  ['on', { field: 'server', expected: 'the name of a server' }],
  ['with', { field: 'account', expected: "an account such as 'app'@'10.%'" }],
] as const);

const NO_CLIENT = 'Expected a client: an IPv4 or IPv6 address, a host name, or an error message.';

function readLine({ words, line, caller }: Request, names: readonly string[]): Line | Reply {
  const isTerminal = caller.kind === 'terminal';
  if (words.length === 0) return line === '' ? refuse(NO_CLIENT) : textAlone(line);
  // A shell passes a quoted error message as one word.
  if (isTerminal && words.some(holdsError)) return readWords(words, names, holdsError);
  if (startsWithClient(words) && (areClients(words) || !holdsError(line))) {
    return readWords(words, names, () => false);
  }
  const { text, options } = splitOptions(typedText(words, line), names);
  const pasted = clientsIn(text, isTerminal);
  return isReply(pasted) ? pasted : { ...pasted, options };
}

/** A text without words, from a program, holds no options. */
function textAlone(text: string): Line | Reply {
  const pasted = clientsIn(text, true);
  return isReply(pasted) ? pasted : { ...pasted, options: {} };
}

/** A form hands on a text as one word; in the line, its quotes are escaped. */
function typedText(words: readonly string[], line: string): string {
  const [first = ''] = words;
  return words.length === 1 && /\s/.test(first) ? first : line;
}

/** Clients first, then the options in any order. */
function readWords(
  words: readonly string[],
  names: readonly string[],
  isText: (word: string) => boolean,
): Line | Reply {
  const [typed, optionWords] = atFirstOption(words);
  if (typed.length === 0) return refuse(NO_CLIENT);
  const clients: Client[] = [];
  const notes: string[] = [];
  for (const [at, word] of typed.entries()) {
    const option = at === 0 ? null : mistypedOption(word, words[at + 1], names);
    if (option !== null) return notOption(word, option);
    const read = isText(word) ? clientsIn(word, true) : readClient(word);
    if (isReply(read)) return read;
    if ('clients' in read) {
      clients.push(...read.clients);
      notes.push(...read.notes);
    } else clients.push(read);
  }
  const options = readOptions(optionWords);
  return isReply(options) ? options : { clients, notes, options };
}

function readOptions(words: readonly string[]): WhyOptions | Reply {
  let options: WhyOptions = {};
  for (let at = 0; at < words.length; at += 1) {
    const [word = '', value] = words.slice(at);
    const option = word.toLowerCase();
    const taken = [...VALUES].find(([name]) => name === option)?.[1];
    if (option === 'publicly') options = { ...options, isPublic: true };
    else if (taken !== undefined) {
      if (value === undefined) {
        return refuse(`Expected ${taken.expected} after "${word}", got nothing.`);
      }
      options = { ...options, [taken.field]: value };
      at += 1;
    } else return notOption(word, nearest(word, OPTION_WORDS));
  }
  return options;
}

function notOption(word: string, instead: string | null): Reply {
  const line = `Expected "as <account name>", "on <server>" or "publicly" after the client, got "${shorten(word)}".`;
  return refuse(line, 2, { word, instead });
}

/** The option that `onn main` or `publicy` misspells; null = the word may be a client. */
function mistypedOption(
  word: string,
  next: string | undefined,
  names: readonly string[],
): string | null {
  const isBeforeServer = next !== undefined && names.includes(next);
  return nearest(word, isBeforeServer ? ['on', 'publicly'] : ['publicly']);
}

/** Whether the first word is a client, possibly misspelled, and not the start of a sentence. */
function startsWithClient(words: readonly string[]): boolean {
  const [first = '', second] = words;
  if (!/^[\w.:[\]%-]+$/.test(first)) return false;
  return /[.:]/.test(first) || second === undefined || isOptionWord(second);
}

/** Whether all words before the options are clients. */
function areClients(words: readonly string[]): boolean {
  const [clients] = atFirstOption(words);
  return (
    clients.length === 1 || clients.every((word) => /[.:]/.test(word) && !isReply(readClient(word)))
  );
}

function atFirstOption(words: readonly string[]): readonly [readonly string[], readonly string[]] {
  const at = words.findIndex(isOptionWord);
  return at < 0 ? [words, []] : [words.slice(0, at), words.slice(at)];
}

function isOptionWord(word: string): boolean {
  return OPTION_WORDS.includes(word.toLowerCase());
}

/** The options after the clients; absent = not given. */
interface WhyOptions {
  /** The account name, for all clients. */
  readonly user?: string;
  readonly server?: string;
  /** As it was typed. */
  readonly account?: string;
  readonly isPublic?: true;
}

const OPTION_AT_END =
  /^(?<text>.*\S)\s+(?:(?<publicly>publicly)|on\s+(?<server>\S+)|with\s+"(?<account>[^"]+)"|as\s+(?:"(?<quoted>[^"]+)"|'(?<single>[^']+)'|(?<bare>[^\s'"]+)))$/is;

/** Takes the options off the end of the text; `on` is an option only before a configured server. */
function splitOptions(
  line: string,
  names: readonly string[],
): { readonly text: string; readonly options: WhyOptions } {
  let text = line.trim();
  let options: WhyOptions = {};
  for (;;) {
    const found = OPTION_AT_END.exec(text)?.groups;
    const { publicly, server, account, quoted, single, bare } = found ?? {};
    const isElsewhere = server !== undefined && ![...names, 'all'].includes(server);
    if (found === undefined || isElsewhere) return { text, options };
    const user = quoted ?? single ?? bare;
    options = {
      ...options,
      ...(server !== undefined && { server }),
      ...(user !== undefined && { user }),
      ...(account !== undefined && { account }),
      ...(publicly !== undefined && { isPublic: true }),
    };
    text = found['text'] ?? '';
  }
}
