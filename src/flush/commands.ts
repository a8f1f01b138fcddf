import { type Message, text } from '../chat/message.ts';
import {
  joinParts,
  type Reply,
  type Request,
  refusal,
  type Subcommand,
} from '../chat/subcommand.ts';
import type { Server } from '../hostcache/server.ts';
import { isUnreadable } from '../hostcache/unreadable.ts';

/** `flush`: this version says how to do it by hand, and what is lost; it empties no cache itself. */

export function createFlushCommands(parts: {
  readonly servers: readonly Server[];
}): readonly Subcommand[] {
  return [
    {
      name: 'flush',
      usage: 'flush [on <server>] <reason>',
      summary: 'Says how to flush the host cache by hand; flushing from here is off.',
      example: 'flush on main DNS is mended',
      surfaces: ['slack'],
      run: (request) => flush(request, parts.servers),
    },
  ];
}

async function flush({ words }: Request, servers: readonly Server[]): Promise<Reply> {
  const names = servers.map(({ name }) => name);
  const named = words[0] === 'on' ? words[1] : undefined;
  const asked = named ?? (names.length === 1 ? names[0] : undefined);
  const server = servers.find(({ name }) => name === asked);
  if (server === undefined) {
    const came = named === undefined ? '' : `, got "${named}"`;
    return joinParts([refusal(`flush: expected "on" and one of ${names.join(', ')}${came}.`, 2)]);
  }
  try {
    const message = byHand(server.name, await statementFor(server));
    return joinParts([{ message, rows: [], exit: 0 }]);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return joinParts([refusal(error.message, 3)]);
  }
}

/** With performance_schema off, MariaDB takes TRUNCATE and does nothing. */
async function statementFor(server: Server): Promise<string> {
  const { flavour, performanceSchema } = await server.settings();
  const isBlind = flavour === 'mariadb' && !performanceSchema;
  return isBlind ? 'FLUSH LOCAL HOSTS;' : 'TRUNCATE TABLE performance_schema.host_cache;';
}

function byHand(server: string, statement: string): Message {
  const headline = `Flushing from here is off; run this on ${server} by hand.`;
  return {
    headline,
    blocks: [
      { kind: 'text', spans: text(headline) },
      { kind: 'statement', text: statement },
      {
        kind: 'note',
        spans: text(
          "It forgets every host's name and errors on that server: blocked attackers are let in again, and while DNS fails, hosts that work by their cached name are kept out.",
        ),
      },
    ],
  };
}
