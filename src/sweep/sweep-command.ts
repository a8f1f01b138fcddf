import { count } from '../chat/lists.ts';
import { type Message, sentence } from '../chat/message.ts';
import { chooseServers, SERVERS_AT_ONCE } from '../chat/on-servers.ts';
import { answer, isReply, joinReplies, type Reply, refuse } from '../chat/reply.ts';
import type { Request, Subcommand } from '../chat/subcommand.ts';
import { mapAtOnce } from '../chat/waiting.ts';
import type { SweepCommandParts } from './command-parts.ts';
import { type SweepOutcome, type SweptServer, sweepServer } from './sweep.ts';

/** `sweep`: looks now; what it finds is told as at any sweep, and summed up to the caller. */

export const sweepCommand: Subcommand<SweepCommandParts> = {
  name: 'sweep',
  usage: 'sweep [on <server>]',
  summary: 'Looks at the servers now, as the scheduled sweeps do.',
  example: 'sweep',
  surfaces: ['slack'],
  needs: ['mysql', 'state'],
  options: ['server'],
  run: sweep,
};

async function sweep(request: Request, parts: SweepCommandParts): Promise<Reply> {
  const chosen = chooseServers(
    request,
    parts.servers.map((swept) => ({ server: swept.target.server, swept })),
  );
  if (isReply(chosen)) return chosen;
  const outcomes = await sweepAll(
    chosen.map(({ swept }) => swept),
    parts,
  );
  return joinReplies(outcomes.map(({ server, outcome }) => toReply(server, outcome)));
}

/** Sweeps many servers, a bounded number at once; none of them stops another. */
export async function sweepAll(
  servers: readonly SweptServer[],
  parts: SweepCommandParts,
): Promise<readonly { readonly server: string; readonly outcome: SweepOutcome }[]> {
  return await mapAtOnce(SERVERS_AT_ONCE, servers, async (server) => ({
    server: server.target.server.name,
    outcome: await sweepServer(server, parts),
  }));
}

function toReply(server: string, outcome: SweepOutcome): Reply {
  switch (outcome.kind) {
    case 'busy':
      return refuse(`${server}: a sweep is under way already.`, 0);
    case 'failed':
      return refuse(`${server}: the sweep failed: ${outcome.why}`, 3);
    case 'swept': {
      const { record, changes } = outcome;
      const rows = [{ ...record, changes: changes.length }];
      return answer(summary(server, outcome), rows, record.failure === null ? 0 : 3);
    }
  }
}

function summary(
  server: string,
  { record, changes }: Extract<SweepOutcome, { kind: 'swept' }>,
): Message {
  if (record.failure !== null) return sentence(record.failure);
  const { entries, capacity, blocked, nullHosts, stale, nearBlock, silenced } = record;
  const counts = [
    `${entries} of ${capacity} entries`,
    `${blocked} blocked`,
    `${nearBlock} close to it`,
    `${nullHosts} without a name`,
    `${stale} stale`,
    ...(silenced > 0 ? [`${silenced} silenced`] : []),
  ];
  const news = changes.length === 0 ? 'nothing' : count(changes.length, 'alert');
  return sentence(`${server}: ${counts.join(', ')}; ${news} changed.`);
}
