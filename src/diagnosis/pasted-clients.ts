import { count } from '../chat/lists.ts';
import { sentence } from '../chat/message.ts';
import { answer, type Reply, refuse } from '../chat/reply.ts';
import { shorten } from '../chat/words.ts';
import type { Mention } from '../pasted/mentions.ts';
import { isSaved, type Pasted, readPasted } from '../pasted/read.ts';
import { type Client, clientOf, mistypedClient } from './client.ts';
import { explainMentions, meaningOf } from './explain.ts';
import { explainSaved } from './explain-rows.ts';

/** The clients of a pasted text that a server is asked about. */
export interface PastedClients {
  /** One for each pair of client and account name. */
  readonly clients: readonly Client[];
  /** What of the text is not answered. */
  readonly notes: readonly string[];
}

/** A log may name thousands. */
const PAIRS_ASKED = 20;

/** Whether the text contains an error message. */
export function holdsError(text: string): boolean {
  if (!/\s/.test(text)) return false;
  const { saved, mentions } = readPasted(text);
  return (
    isSaved(saved) ||
    mentions.some(({ error, topic }) => error !== null || topic !== null) ||
    (/'/.test(text) && mentions.length > 0)
  );
}

/** Whether the text says something that is known, whether or not it names a client. */
export function isExplained(text: string): boolean {
  const { saved, mentions } = readPasted(text);
  return isSaved(saved) || meaningOf(mentions, text) !== null;
}

/** The clients that the text names, or a refusal, which explains the error to people all the same. */
export function clientsIn(text: string, isTerminal: boolean): PastedClients | Reply {
  const pasted = readPasted(text);
  const { saved, mentions } = pasted;
  // Saved rows say what was counted, and there may be thousands: they are explained, not asked about.
  if (mentions.length === 0 && isSaved(saved)) return explainSaved(saved, new Date());
  if (mentions.length === 0 && bareClients(pasted).length === 0) {
    const line = `Expected a client (an IPv4 or IPv6 address, a host name) or an error message, got "${shorten(text)}".`;
    return mistypedClient(text.trim()) ?? refuse(line);
  }
  // A proxy's clients are not those of the MySQL server.
  const pairs = [
    ...distinctPairs(mentions.filter(({ topic }) => topic !== 'refused-by-proxy')),
    ...bareClients(pasted),
  ];
  if (pairs.length > 0) {
    return {
      clients: pairs.slice(0, PAIRS_ASKED),
      notes: notesOf(pasted, pairs.length, isTerminal),
    };
  }
  if (mentions.some(({ topic }) => topic === 'refused-by-proxy'))
    return explainMentions(mentions, text);
  return refuseWithoutClient(mentions, text, isTerminal);
}

function refuseWithoutClient(
  mentions: readonly Mention[],
  text: string,
  isTerminal: boolean,
): Reply {
  const { error, blank } = mentions[0] ?? { error: null, blank: null };
  const what = error === null ? 'This text' : `Error ${error}`;
  const instead = blank === null ? '' : ` ("${shorten(blank)}" is in its place)`;
  const line = `${what} names no client${instead}. Use its address: "why 192.0.2.7".`;
  // In a terminal the refusal is one line; `explain` gives the rest.
  const meaning = isTerminal ? null : meaningOf(mentions, text);
  if (meaning === null) return refuse(line);
  const blocks = [...sentence(line).blocks, ...meaning.blocks];
  return answer({ headline: `${line} ${meaning.headline}`, blocks }, [], 2);
}

/** A chat message has words around the error, and nobody counts its lines. */
function notesOf({ passedOver }: Pasted, pairs: number, isTerminal: boolean): readonly string[] {
  const isCut = pairs > PAIRS_ASKED;
  const unread = passedOver.filter(({ text }) => clientOf(text.trim()).address === null);
  const [first] = unread;
  return [
    ...(isCut ? [`Asked about the first ${PAIRS_ASKED} of ${pairs} clients in the text.`] : []),
    ...(first === undefined || !isTerminal
      ? []
      : [
          `${count(unread.length, 'line')} of the text said nothing that hostcache knows; the first is line ${first.line}.`,
        ]),
  ];
}

/** Lines that are an address and nothing else. */
function bareClients({ passedOver }: Pasted): readonly Client[] {
  const clients = passedOver.map(({ text }) => clientOf(text.trim()));
  return clients.filter(({ address }) => address !== null);
}

/** One for each client and account name; of its errors the most telling counts. */
function distinctPairs(mentions: readonly Mention[]): readonly Client[] {
  const pairs = new Map<string, Client>();
  for (const { client, user, error, by } of mentions) {
    const pair = JSON.stringify([client, user]);
    if (client === null || pairs.has(pair)) continue;
    pairs.set(pair, { ...clientOf(client), user, reported: { error, by } });
  }
  return [...pairs.values()];
}
