import type { Request } from '../chat/subcommand.ts';
import { nearest } from '../chat/words.ts';
import { parseAddress } from '../hostcache/address.ts';
import { isHostName } from '../hostcache/host-name.ts';
import { mistypedAddress } from '../hostcache/mistyped-address.ts';
import { meaningOf } from './explain.ts';
import { ALL, type Fault, mistypedClient, notOnServer, shorten, unknownServer } from './fault.ts';
import { parsePastedError } from './pasted-error.ts';

/** What somebody asks `why` of: which clients, under which account, on which servers. */
export interface Wish {
  /** Addresses and host names. */
  readonly clients: readonly string[];
  /** For all of them; null = not given. */
  readonly user: string | null;
  /** By client, where pasted errors name several: each is judged as its own. */
  readonly pastedUsers?: ReadonlyMap<string, string>;
  /** Names of configured servers. */
  readonly servers: readonly string[];
  readonly isPublic: boolean;
}

interface Options {
  user: string | null;
  readonly pastedUsers: Map<string, string>;
  server: string | null;
  isPublic: boolean;
}

const OPTION_WORDS = ['as', 'on', 'publicly'];

const NO_CLIENT: Fault = {
  fault: 'Expected a client: an IPv4 or IPv6 address, a host name, or an error message.',
};

/** Reads what was typed or pasted; `names` are the configured servers. */
export function readWish(request: Request, names: readonly string[]): Wish | Fault {
  const options: Options = {
    user: request.options.user ?? null,
    pastedUsers: new Map(),
    server: request.options.server ?? null,
    isPublic: false,
  };
  const clients = readClients(request, names, options);
  if ('fault' in clients) return clients;
  if (options.server !== null && options.server !== ALL && !names.includes(options.server)) {
    return unknownServer(options.server, names);
  }
  const { isPublic, server } = options;
  const servers = server === null || server === ALL ? names : [server];
  return { clients: clients.list, ...usersOf(clients.list, options), servers, isPublic };
}

function usersOf(
  clients: readonly string[],
  { user, pastedUsers }: Options,
): Pick<Wish, 'user' | 'pastedUsers'> {
  const [pasted = null, ...others] = new Set(clients.map((each) => pastedUsers.get(each) ?? null));
  return user === null && others.length > 0 ? { user, pastedUsers } : { user: user ?? pasted };
}

/** The servers that `[on <server>|all]` names; all where it is left out. */
export function chooseServers<S extends { readonly name: string }>(
  { options }: Pick<Request, 'options'>,
  servers: readonly S[],
  words: readonly string[],
): { readonly servers: readonly S[] } | Fault {
  const [on, name, ...others] = words;
  const isWord = on?.toLowerCase() === 'on' && name !== undefined && others.length === 0;
  if (on !== undefined && !isWord) return notOnServer(words, servers);
  const asked = name ?? options.server ?? ALL;
  const chosen = servers.filter((server) => asked === ALL || server.name === asked);
  const names = servers.map((server) => server.name);
  return chosen.length === 0 ? unknownServer(asked, names) : { servers: chosen };
}

/** `user`: what a pasted text says of them. */
type Clients = { readonly list: readonly string[]; readonly user?: string | null } | Fault;

function readClients(request: Request, names: readonly string[], options: Options): Clients {
  const { words, line } = request;
  if (words.length === 0 && line.trim() === '') return NO_CLIENT;
  // A shell keeps a quoted error message as one word.
  const texts = words.filter((word) => /\s/.test(word));
  if (request.caller.kind === 'terminal' && texts.length > 0 && texts.some(holdsError)) {
    return readWords(words, names, options, holdsError);
  }
  if (startsWithClient(words) && (areTyped(words) || !holdsError(line))) {
    return readWords(words, names, options, () => false);
  }
  return readPasted(line, names, options);
}

/** Clients first, then the options in any order. */
function readWords(
  words: readonly string[],
  names: readonly string[],
  options: Options,
  isText: (word: string) => boolean,
): Clients {
  const list: string[] = [];
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (isOptionWord(word)) break;
    const option = list.length > 0 ? mistypedOption(word, words[at + 1], names) : null;
    if (option !== null) return notOption(word, option);
    const read = isText(word) ? pastedClients(word) : readClient(word);
    if ('fault' in read) return read;
    list.push(...read.list);
    const { user = null } = read;
    if (user !== null) for (const client of read.list) options.pastedUsers.set(client, user);
  }
  if (list.length === 0) return NO_CLIENT;
  for (; at < words.length; at += 1) {
    const word = (words[at] ?? '').toLowerCase();
    const value = words[at + 1];
    if (word === 'publicly') options.isPublic = true;
    else if ((word === 'as' || word === 'on') && value !== undefined) {
      if (word === 'as') options.user = value;
      else options.server = value;
      at += 1;
    } else return notOption(words[at] ?? '', nearest(word, OPTION_WORDS));
  }
  return { list };
}

function notOption(word: string, instead: string | null): Fault {
  const fault = `Expected "as <account name>", "on <server>" or "publicly" after the client, got "${shorten(word)}".`;
  return instead === null ? { fault } : { fault, meant: { word, instead } };
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

/** Options count only at the end of a pasted text, and `on` only before a configured server. */
function readPasted(line: string, names: readonly string[], options: Options): Clients {
  let rest = line.trim();
  for (;;) {
    const tail =
      /^(?<text>.*\S)\s+(?:(?<publicly>publicly)|on\s+(?<server>\S+)|as\s+(?:"(?<quoted>[^"]+)"|'(?<single>[^']+)'|(?<user>[^\s'"]+)))$/is.exec(
        rest,
      )?.groups;
    if (tail === undefined) break;
    const { server } = tail;
    if (server !== undefined && server !== ALL && !names.includes(server)) break;
    if (server !== undefined) options.server = server;
    else if (tail['publicly'] !== undefined) options.isPublic = true;
    else options.user = tail['quoted'] ?? tail['single'] ?? tail['user'] ?? null;
    rest = tail['text'] ?? '';
  }
  const pasted = pastedClients(rest);
  if (!('fault' in pasted)) options.user ??= pasted.user ?? null;
  return pasted;
}

function pastedClients(text: string): Clients {
  const pasted = parsePastedError(text);
  if (pasted === null) {
    const mistyped = mistypedClient(text.trim());
    if (mistyped !== null) return mistyped;
    return {
      fault: `Expected a client (an IPv4 or IPv6 address, a host name) or an error message, got "${shorten(text)}".`,
    };
  }
  if (pasted.hosts.length === 0) {
    const { error } = pasted;
    const what = error === null ? 'This text' : `Error ${error}`;
    const fault = `${what} names no client: ask with its address, such as "why 192.0.2.7".`;
    const meaning = error === null ? null : meaningOf(error, text);
    return meaning === null ? { fault } : { fault, meaning };
  }
  return { list: pasted.hosts, user: pasted.user };
}

function readClient(word: string): Clients {
  if (isAddressOrName(word)) return { list: [word] };
  const fault = `Expected an IPv4 or IPv6 address or a host name, got "${shorten(word)}".`;
  return mistypedClient(word) ?? { fault };
}

/** Digits and dots alone, or a colon, are an address or nothing. */
function isAddressOrName(word: string): boolean {
  if (parseAddress(word) !== null) return true;
  return isHostName(word) && mistypedAddress(word) === null && !/^[\d.]+$/.test(word);
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
    clients.length === 1 || clients.every((word) => /[.:]/.test(word) && isAddressOrName(word))
  );
}

function isOptionWord(word: string): boolean {
  return OPTION_WORDS.includes(word.toLowerCase());
}

function holdsError(text: string): boolean {
  const pasted = /\s/.test(text) ? parsePastedError(text) : null;
  return pasted !== null && (pasted.error !== null || /'/.test(text));
}
