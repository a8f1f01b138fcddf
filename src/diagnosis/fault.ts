import type { Message } from '../chat/message.ts';
import { type Meant, type Part, refusal } from '../chat/subcommand.ts';
import { nearestName } from '../chat/words.ts';
import { isHostName } from '../hostcache/host-name.ts';
import { type Mistyped, mistypedAddress } from '../hostcache/mistyped-address.ts';

/** Wishes that cannot be granted: what was expected, what came, and what was likely meant. */

/** One line. */
export interface Fault {
  readonly fault: string;
  /** Where one word is likely mistyped. */
  readonly meant?: Meant;
  /** What an error that names no client still means. */
  readonly meaning?: Message;
}

/** In place of a server's name. */
export const ALL = 'all';

/** A fault names no more of them. */
export const SERVERS_NAMED = 10;

/** A wish that cannot be granted, as an answer. */
export function refusedWish({ fault, meant, meaning }: Fault): Part {
  const part = refusal(fault, 2, meant);
  if (meaning === undefined) return part;
  const blocks = [...part.message.blocks, ...meaning.blocks];
  return { ...part, message: { headline: `${fault} ${meaning.headline}`, blocks } };
}

/** `Unknown server "mian": expected main, replica, all.` */
export function unknownServer(name: string, names: readonly string[]): Fault {
  const more = names.length - SERVERS_NAMED;
  const listed = [...names.slice(0, SERVERS_NAMED), ...(more > 0 ? [`${more} more`] : []), ALL];
  const fault = `Unknown server "${shorten(name)}": expected ${listed.join(', ')}.`;
  const near = nearestName(name, names);
  return near === null ? { fault } : { fault, meant: { word: name, instead: near } };
}

/** `onn main`, or `main` alone: what was likely meant is the right word before a server's name. */
export function notOnServer(
  words: readonly string[],
  servers: readonly { readonly name: string }[],
): Fault {
  const fault = `Expected "on <server>", got "${shorten(words.join(' '))}".`;
  const [first = '', second] = words;
  const isServer = (name: string | undefined) => servers.some((server) => server.name === name);
  if (isServer(second) && words.length === 2)
    return { fault, meant: { word: first, instead: 'on' } };
  return { fault };
}

/** What was meant as an address, or as a host's name with a port; null = neither. */
export function mistypedClient(word: string): Fault | null {
  return faultOf(word, 'an IPv4 or IPv6 address or a host name', [mistypedAddress, nameWithPort]);
}

/** The same where no name will do; null = it was not meant as an address. */
export function addressFault(word: string): Fault | null {
  return faultOf(word, 'an IPv4 or IPv6 address', [mistypedAddress]);
}

function nameWithPort(word: string): Mistyped | null {
  const [, name, port] = /^([^:/]+):(\d{1,5})$/.exec(word) ?? [];
  if (name === undefined || !isHostName(name) || /^[\d.]+$/.test(name)) return null;
  return { what: `it ends with a port, ${port ?? ''}`, instead: name };
}

function faultOf(
  word: string,
  expected: string,
  judges: readonly ((word: string) => Mistyped | null)[],
): Fault | null {
  const [mistyped] = judges.map((judge) => judge(word)).filter((each) => each !== null);
  if (mistyped === undefined) return null;
  const { what, instead } = mistyped;
  const fault = `Expected ${expected}, got "${shorten(word)}": ${what}.`;
  return instead === null ? { fault } : { fault, meant: { word, instead } };
}

export function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
