import { listing } from '../chat/listing.ts';
import { count } from '../chat/lists.ts';
import { text } from '../chat/message.ts';
import { perServer } from '../chat/on-servers.ts';
import { answer, type Reply, refuse } from '../chat/reply.ts';
import type { Target } from './gather.ts';

/** `pending`: connections that have not finished authentication, and the counters beside them. */

export const pendingCommand = perServer({
  name: 'pending',
  summary: 'Shows connections that have not finished authentication.',
  example: 'pending',
  ask: pending,
});

async function pending({ server }: Pick<Target, 'server'>, readAt: Date): Promise<Reply> {
  const { name } = server;
  const { seesOthers, pending: waiting, counters } = await server.activity();
  if (!seesOthers) {
    const says = `${name}: connections of others cannot be seen; the reading account needs GRANT PROCESS ON *.*.`;
    return refuse(says, 3);
  }
  const said = Object.entries(counters).map(([counter, value]) => `${counter} ${value}`);
  const message = listing({
    headline: `${count(waiting.length, 'connection has', 'connections have')} not finished authentication on ${name}.`,
    notes: [text(`Since the server started: ${said.join(', ')}.`)],
    table: {
      columns: ['Client', { label: 'Seconds', align: 'right' }, 'State'],
      rows: waiting.map(({ host, seconds, state }) => [
        host || 'not shown',
        String(seconds ?? ''),
        state,
      ]),
    },
    readAt,
    again: [`pending on ${name}`, `Show what is pending on ${name} again`],
  });
  return answer(
    message,
    waiting.map((each) => ({ server: name, ...each })),
  );
}
