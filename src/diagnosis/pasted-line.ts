import { sentence } from '../chat/message.ts';
import { answer, type Reply, refuse } from '../chat/reply.ts';
import { shorten } from '../chat/words.ts';
import { parseAddress } from '../hostcache/address.ts';
import { type Client, mistypedClient } from './client.ts';
import { meaningOf } from './explain.ts';
import { parsePastedError } from './pasted-error.ts';

/** A line of `why` that contains an error message: its clients, and the options at its end. */

/** The options after the clients; absent = not given. */
export interface WhyOptions {
  /** The account name, for all clients. */
  readonly user?: string;
  readonly server?: string;
  readonly isPublic?: true;
}

const OPTION_AT_END =
  /^(?<text>.*\S)\s+(?:(?<publicly>publicly)|on\s+(?<server>\S+)|as\s+(?:"(?<quoted>[^"]+)"|'(?<single>[^']+)'|(?<bare>[^\s'"]+)))$/is;

/** Takes the options off the end of the text; `on` is an option only before a configured server. */
export function splitOptions(
  line: string,
  names: readonly string[],
): { readonly text: string; readonly options: WhyOptions } {
  let text = line.trim();
  let options: WhyOptions = {};
  for (;;) {
    const found = OPTION_AT_END.exec(text)?.groups;
    const { publicly, server, quoted, single, bare } = found ?? {};
    const isElsewhere = server !== undefined && ![...names, 'all'].includes(server);
    if (found === undefined || isElsewhere) return { text, options };
    const user = quoted ?? single ?? bare;
    options = {
      ...options,
      ...(server !== undefined && { server }),
      ...(user !== undefined && { user }),
      ...(publicly !== undefined && { isPublic: true }),
    };
    text = found['text'] ?? '';
  }
}

/** Whether the text contains an error message. */
export function holdsError(text: string): boolean {
  const pasted = /\s/.test(text) ? parsePastedError(text) : null;
  return pasted !== null && (pasted.error !== null || /'/.test(text));
}

/** The clients that the text names, or a refusal, which explains the error to people all the same. */
export function clientsIn(text: string, isTerminal: boolean): readonly Client[] | Reply {
  const pasted = parsePastedError(text);
  if (pasted === null) {
    const line = `Expected a client (an IPv4 or IPv6 address, a host name) or an error message, got "${shorten(text)}".`;
    return mistypedClient(text.trim()) ?? refuse(line);
  }
  const { hosts, user, error } = pasted;
  if (hosts.length > 0) {
    return hosts.map((host) => ({ text: host, address: parseAddress(host), user }));
  }
  const what = error === null ? 'This text' : `Error ${error}`;
  const line = `${what} names no client. Use its address: "why 192.0.2.7".`;
  // In a terminal the refusal is one line; `explain` gives the rest.
  const meaning = error === null || isTerminal ? null : meaningOf(error, text);
  if (meaning === null) return refuse(line);
  const blocks = [...sentence(line).blocks, ...meaning.blocks];
  return answer({ headline: `${line} ${meaning.headline}`, blocks }, [], 2);
}
