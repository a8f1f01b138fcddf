import { listing } from '../chat/listing.ts';
import { count } from '../chat/lists.ts';
import { text } from '../chat/message.ts';
import { perServer } from '../chat/on-servers.ts';
import { answer, type Reply, refuse } from '../chat/reply.ts';
import { STEP_WORDS } from '../hostcache/handshake.ts';
import type { Target } from './gather.ts';

/** `pending`: connections that have not finished authentication, and the counters of failed ones. */

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
    return refuse(
      `${name}: the reading account cannot see other connections. It needs GRANT PROCESS ON *.*.`,
      3,
    );
  }
  const totals = Object.entries(counters).map(([counter, value]) => `${counter} ${value}`);
  const message = listing({
    headline: `${count(waiting.length, 'connection has', 'connections have')} not finished authentication on ${name}.`,
    notes: [text(`Since the server started: ${totals.join(', ')}.`)],
    table: {
      columns: ['Client', { label: 'Seconds', align: 'right' }, 'Step', 'State'],
      rows: waiting.map(({ host, seconds, state, step }) => [
        host || 'not shown',
        String(seconds ?? ''),
        STEP_WORDS[step],
        state,
      ]),
    },
    readAt,
    again: [`pending on ${name}`, `Show the pending connections of ${name} again`],
  });
  return answer(
    message,
    waiting.map(({ id, host, seconds, state, step }) => ({
      server: name,
      id,
      client: host,
      seconds,
      state,
      step: step === 'dns or tls' ? 'unknown' : step,
    })),
  );
}
