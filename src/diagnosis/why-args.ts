import { sentence } from '../chat/message.ts';
import { chooseServers, type OnServer } from '../chat/on-servers.ts';
import { answer, isReply, type Reply, refuse } from '../chat/reply.ts';
import type { Request } from '../chat/subcommand.ts';
import { nearest, shorten } from '../chat/words.ts';
import { parseAddress } from '../hostcache/address.ts';
import { type Client, mistypedClient, readClient } from './client.ts';
import { meaningOf } from './explain.ts';
import { parsePastedError } from './pasted-error.ts';

/** What somebody asks `why` of: which clients, under which account, on which servers. */
export interface WhyArgs<S> {
  readonly clients: readonly WhyClient[];
  readonly servers: readonly S[];
  readonly isPublic: boolean;
}

export interface WhyClient extends Client {
  /** The account name; null = not given. */
  readonly user: string | null;
}

interface Options {
  /** For all clients, whatever a pasted error says of one. */
  user: string | null;
  server: string | null;
  isPublic: boolean;
}

const OPTION_WORDS = ['as', 'on', 'publicly'];

const NO_CLIENT = 'Expected a client: an IPv4 or IPv6 address, a host name, or an error message.';

/** Reads what was typed or pasted. */
export function readWhy<S extends OnServer>(
  request: Request,
  targets: readonly S[],
): WhyArgs<S> | Reply {
  const { user = null, server = null } = request.options;
  const options: Options = { user, server, isPublic: false };
  const names = targets.map((target) => target.server.name);
  const clients = readClients(request, names, options);
  if (isReply(clients)) return clients;
  const on = options.server === null ? [] : ['on', options.server];
  const servers = chooseServers({ words: on, options: {} }, targets);
  if (isReply(servers)) return servers;
  return {
    clients: clients.map((client) => ({ ...client, user: options.user ?? client.user })),
    servers,
    isPublic: options.isPublic,
  };
}

type Clients = readonly WhyClient[] | Reply;

function readClients(request: Request, names: readonly string[], options: Options): Clients {
  const { words, line, caller } = request;
  if (words.length === 0) return refuse(NO_CLIENT);
  const isTerminal = caller.kind === 'terminal';
  // A shell keeps a quoted error message as one word.
  if (isTerminal && words.some(holdsError)) return readWords(words, names, options, holdsError);
  if (startsWithClient(words) && (areTyped(words) || !holdsError(line))) {
    return readWords(words, names, options, () => false);
  }
  return readClientsIn(withoutOptions(line, names, options), !isTerminal);
}

/** Clients first, then the options in any order. */
function readWords(
  words: readonly string[],
  names: readonly string[],
  options: Options,
  isText: (word: string) => boolean,
): Clients {
  const firstOption = words.findIndex(isOptionWord);
  const end = firstOption < 0 ? words.length : firstOption;
  if (end === 0) return refuse(NO_CLIENT);
  const clients: WhyClient[] = [];
  for (const [at, word] of words.slice(0, end).entries()) {
    const option = at === 0 ? null : mistypedOption(word, words[at + 1], names);
    if (option !== null) return notOption(word, option);
    const read = isText(word) ? readClientsIn(word, false) : readClient(word);
    if (isReply(read)) return read;
    clients.push(...('text' in read ? [{ ...read, user: null }] : read));
  }
  return readOptions(words.slice(end), options) ?? clients;
}

/** null: all of them were read. */
function readOptions(words: readonly string[], options: Options): Reply | null {
  for (let at = 0; at < words.length; at += 1) {
    const word = (words[at] ?? '').toLowerCase();
    const value = words[at + 1];
    if (word === 'publicly') options.isPublic = true;
    else if ((word === 'as' || word === 'on') && value !== undefined) {
      if (word === 'as') options.user = value;
      else options.server = value;
      at += 1;
    } else return notOption(words[at] ?? '', nearest(word, OPTION_WORDS));
  }
  return null;
}

function notOption(word: string, instead: string | null): Reply {
  const says = `Expected "as <account name>", "on <server>" or "publicly" after the client, got "${shorten(word)}".`;
  return refuse(says, 2, { word, instead });
}

/** `onn main`, `publicy`: no client, whatever DNS may know; null = it may be one. */
function mistypedOption(
  word: string,
  next: string | undefined,
  names: readonly string[],
): string | null {
  const isBeforeServer = next !== undefined && names.includes(next);
  return nearest(word, isBeforeServer ? ['on', 'publicly'] : ['publicly']);
}

/**
 * A pasted text without the options at its end, which are read: elsewhere they are words of the
 * text, and `on` counts only before a configured server.
 */
function withoutOptions(line: string, names: readonly string[], options: Options): string {
  let rest = line.trim();
  for (;;) {
    const tail =
      /^(?<text>.*\S)\s+(?:(?<publicly>publicly)|on\s+(?<server>\S+)|as\s+(?:"(?<quoted>[^"]+)"|'(?<single>[^']+)'|(?<user>[^\s'"]+)))$/is.exec(
        rest,
      )?.groups;
    if (tail === undefined) return rest;
    const { server } = tail;
    if (server !== undefined && server !== 'all' && !names.includes(server)) return rest;
    if (server !== undefined) options.server = server;
    else if (tail['publicly'] !== undefined) options.isPublic = true;
    else options.user = tail['quoted'] ?? tail['single'] ?? tail['user'] ?? null;
    rest = tail['text'] ?? '';
  }
}

/** The clients that an error message names; where it names none, people are told what it means all the same. */
function readClientsIn(text: string, saysMeaning: boolean): Clients {
  const pasted = parsePastedError(text);
  if (pasted === null) {
    return (
      mistypedClient(text.trim()) ??
      refuse(
        `Expected a client (an IPv4 or IPv6 address, a host name) or an error message, got "${shorten(text)}".`,
      )
    );
  }
  const { hosts, user, error } = pasted;
  if (hosts.length > 0) {
    return hosts.map((host) => ({ text: host, address: parseAddress(host), user }));
  }
  const what = error === null ? 'This text' : `Error ${error}`;
  const says = `${what} names no client: ask with its address, such as "why 192.0.2.7".`;
  const meaning = error === null || !saysMeaning ? null : meaningOf(error, text);
  if (meaning === null) return refuse(says);
  const blocks = [...sentence(says).blocks, ...meaning.blocks];
  return answer({ headline: `${says} ${meaning.headline}`, blocks }, [], 2);
}

/** Whether a client stands first, well or badly spelt, and not the first word of a sentence. */
function startsWithClient(words: readonly string[]): boolean {
  const [first = '', second] = words;
  if (!/^[\w.:[\]%-]+$/.test(first)) return false;
  return /[.:]/.test(first) || second === undefined || isOptionWord(second);
}

/** Whether nothing but clients stands before the options, whatever quotes those hold. */
function areTyped(words: readonly string[]): boolean {
  const at = words.findIndex(isOptionWord);
  const clients = at < 0 ? words : words.slice(0, at);
  return (
    clients.length === 1 || clients.every((word) => /[.:]/.test(word) && !isReply(readClient(word)))
  );
}

function isOptionWord(word: string): boolean {
  return OPTION_WORDS.includes(word.toLowerCase());
}

function holdsError(text: string): boolean {
  const pasted = /\s/.test(text) ? parsePastedError(text) : null;
  return pasted !== null && (pasted.error !== null || /'/.test(text));
}
