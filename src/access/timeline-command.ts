// `timeline`: reads what the sweeps remember of one client. Does I/O.

import { subDays } from 'date-fns/subDays';
import { askEach, chooseServers, type ReadingParts } from '../chat/on-servers.ts';
import { answer, isReply, joinReplies, type Reply, refuse } from '../chat/reply.ts';
import type { Ask, Request, Subcommand } from '../chat/subcommand.ts';
import { addressesOf, type Client, readClient } from '../diagnosis/client.ts';
import type { Target } from '../diagnosis/gather.ts';
import type { AccessParts } from './parts.ts';
import { dayOf, KEPT_DAYS } from './record.ts';
import { timelineOf } from './timeline.ts';
import { timelineMessage } from './timeline-message.ts';
import { toRow } from './timeline-rows.ts';

type TimelineParts = ReadingParts<Target> & AccessParts;

const CLIENT: Ask = {
  name: 'client',
  label: 'Which client: an address or a host name',
  max: 255,
  isOptional: false,
};

export const timelineCommand: Subcommand<TimelineParts> = {
  name: 'timeline',
  usage: 'timeline <client> [on <server>]',
  summary: 'Shows what sweeps remember of a client: errors by kind, blocks, names, flushes.',
  example: 'timeline 192.0.2.7',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql', 'state'],
  isForAll: true,
  options: ['server'],
  asks: ({ line, caller }) => (line === '' && caller.kind === 'person' ? [CLIENT] : []),
  run: timeline,
};

async function timeline({ words, options }: Request, parts: TimelineParts): Promise<Reply> {
  const [word, ...others] = words;
  if (word === undefined)
    return refuse('Expected a client: an IPv4 or IPv6 address or a host name.');
  const client = readClient(word);
  if (isReply(client)) return client;
  const chosen = chooseServers({ words: others, options }, parts.targets);
  if (isReply(chosen)) return chosen;
  return joinReplies(await askEach(chosen, (target) => timelineOn(target, client, parts)));
}

async function timelineOn(target: Target, client: Client, parts: TimelineParts): Promise<Reply> {
  const { access, flushesOf, now } = parts;
  const { name } = target.server;
  const readAt = now();
  const [days, reading, flushes, addresses] = await Promise.all([
    access.days(name, dayOf(subDays(readAt, KEPT_DAYS))),
    access.reading(name),
    flushesOf(name),
    // An address is all that the record needs, so a server that does not answer delays nobody.
    client.address === null ? addressesOf(client.text, target) : [client.address],
  ]);
  const known = isReply(addresses) ? [] : addresses;
  const asked = { text: client.text, addresses: known, isName: client.address === null };
  const found = timelineOf({ server: name, client: asked, days, flushes });
  const isUnread = reading !== null && reading.failures === null;
  const gaps = [
    ...(isUnread
      ? [`${name} does not show who fails to log in, so failed logins are not known.`]
      : []),
    ...(isReply(addresses) ? addresses.messages.map(({ headline }) => headline) : []),
  ];
  const message = timelineMessage({ timeline: found, client: client.text, readAt, gaps });
  return answer(
    message,
    found.entries.map((entry) => toRow(name, client.text, entry)),
  );
}
