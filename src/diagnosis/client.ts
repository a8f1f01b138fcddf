// Reads a client as it was typed, and asks one server and DNS for the addresses of a host name.

import { count } from '../chat/lists.ts';
import { isReply, joinReplies, type Reply, refuse } from '../chat/reply.ts';
import { shorten } from '../chat/words.ts';
import { type Address, parseAddress } from '../hostcache/address.ts';
import { isHostName } from '../hostcache/host-name.ts';
import { type Mistyped, mistypedAddress } from '../hostcache/mistyped-address.ts';
import { toKnown } from './evidence.ts';
import type { Target } from './gather.ts';
import type { Reported } from './reported.ts';

/** The client that a question is about. */
export interface Client {
  /** As it was typed. */
  readonly text: string;
  /** null = a host name, which may have many addresses. */
  readonly address: Address | null;
  /** The account name; null = not given. */
  readonly user: string | null;
  /** What a pasted error says of it; null = nothing was pasted. */
  readonly reported: Reported | null;
}

/** The client of that address or host name. A server calls loopback and its socket `localhost`. */
export function clientOf(text: string): Client {
  const address = parseAddress(/^localhost$/i.test(text) ? '127.0.0.1' : text);
  return { text, address, user: null, reported: null };
}

/** Of a host name, at most this many addresses are checked. */
const ADDRESSES_LIMIT = 8;

/** The client, or a refusal that says why the word is neither an address nor a host name. */
export function readClient(word: string): Client | Reply {
  const client = clientOf(word);
  if (client.address !== null || isName(word)) return client;
  return (
    mistypedClient(word) ??
    refuse(`Expected an IPv4 or IPv6 address or a host name, got "${shorten(word)}".`)
  );
}

/** A refusal for a mistyped address, or a host name with a port; null = the word is neither. */
export function mistypedClient(word: string): Reply | null {
  const mistyped = mistypedAddress(word) ?? nameWithPort(word);
  if (mistyped === null) return null;
  const { problem, instead } = mistyped;
  const line = `Expected an IPv4 or IPv6 address or a host name, got "${shorten(word)}": ${problem}.`;
  return refuse(line, 2, { word, instead });
}

/** `merp.example.com (192.0.2.7)`, or the address alone if that was typed. */
export function clientLabel(typed: string, address: Address): string {
  return typed === address.text ? typed : `${typed} (${address.text})`;
}

/**
 * An answer for each address of the client: for a host name those that the server has cached under
 * it, then those that DNS gives. The last answer gets a gap if there are more than the limit.
 */
export async function askEachAddress(
  client: Client,
  target: Target,
  ask: (address: Address, gaps: readonly string[]) => Promise<Reply>,
): Promise<Reply> {
  if (client.address !== null) return await ask(client.address, []);
  const found = await addressesOf(client.text, target);
  if (isReply(found)) return found;
  const asked = found.slice(0, ADDRESSES_LIMIT);
  const gaps = limitGap(client.text, found.length - asked.length);
  return joinReplies(
    await Promise.all(
      asked.map((address, at) => ask(address, at === asked.length - 1 ? gaps : [])),
    ),
  );
}

/** A word of digits and dots alone is an address or nothing. */
function isName(word: string): boolean {
  return isHostName(word) && mistypedAddress(word) === null && !/^[\d.]+$/.test(word);
}

function nameWithPort(word: string): Mistyped | null {
  const [, name, port] = /^([^:/]+):(\d{1,5})$/.exec(word) ?? [];
  if (name === undefined || !isHostName(name) || /^[\d.]+$/.test(name)) return null;
  return { problem: `it ends with a port, ${port ?? ''}`, instead: name };
}

/** The addresses that were checked prove nothing about the others. */
function limitGap(name: string, more: number): readonly string[] {
  if (more === 0) return [];
  const others = count(more, 'more address, which was', 'more addresses, which were');
  return [`${name} has ${others} not checked.`];
}

/** The addresses that the server has cached under the name, then those that DNS gives; or why there are none. */
export async function addressesOf(
  name: string,
  { server, resolver }: Target,
): Promise<readonly Address[] | Reply> {
  const [cached, forward] = await Promise.all([
    toKnown(server.entriesOf(name)),
    resolver.forward(name),
  ]);
  const entries = cached.known ? cached.value : [];
  const found = [
    ...entries.map(({ address }) => parseAddress(address)).filter((address) => address !== null),
    ...(forward.kind === 'found' ? forward.values : []),
  ];
  // A Map keeps the position of the first of equal keys.
  const addresses = new Map(found.map((address) => [address.text, address]));
  if (addresses.size > 0) return [...addresses.values()];
  const unsure = [
    ...(cached.known ? [] : [cached.why]),
    ...(forward.kind === 'failed' ? [`${resolver.label}: ${forward.why}.`] : []),
  ];
  if (unsure.length > 0) return refuse(`No address found for ${name}. ${unsure.join(' ')}`, 3);
  return refuse(
    `No address found for ${name}, neither in the host cache of ${server.name} nor in DNS. Use the client's address.`,
  );
}
