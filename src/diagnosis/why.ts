import { paragraph, sentence } from '../chat/message.ts';
import { askEach, chooseServers, type OnServer, type ReadingParts } from '../chat/on-servers.ts';
import { answer, isReply, joinReplies, type Reply, refuse } from '../chat/reply.ts';
import type { Ask, Request, Subcommand } from '../chat/subcommand.ts';
import { nearest, shorten } from '../chat/words.ts';
import { accountName } from '../hostcache/account.ts';
import { type AccountPlace, readAccount } from '../hostcache/account-text.ts';
import { askEachAddress, type Client, readClient } from './client.ts';
import { diagnose } from './diagnose.ts';
import { withAccount } from './evidence.ts';
import { gather, type Target } from './gather.ts';
import { answerJson, EXITS, exitOf, toJson } from './json.ts';
import { diagnosisMessage, supposedMessage } from './messages.ts';
import { clientsIn, holdsError, isExplained, type PastedClients } from './pasted-clients.ts';

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

/** What would be answered if the account existed. */
function whyWith(place: AccountPlace) {
  return (target: Target, client: Client, readAt: Date): Promise<Reply> => {
    const { text, user, reported } = client;
    return askEachAddress(client, target, async (address, gaps) => {
      const evidence = await gather(target, { client: address, user, reported, readAt });
      const supposed = withAccount(evidence, place);
      if (supposed === null) return refuse(`${accountName(place)} exists already.`);
      const [before, after] = [diagnose(evidence), diagnose(supposed)];
      const whole = { ...after, gaps: [...after.gaps, ...gaps] };
      const message = supposedMessage(before, whole, text, accountName(place));
      const { now } = before.prediction;
      const json = { ...toJson(whole, text), with: accountName(place), without: answerJson(now) };
      return answer(message, [json], exitOf(whole));
    });
  };
}

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
