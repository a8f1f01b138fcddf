import { count } from '../chat/lists.ts';
import { type Message, sentence } from '../chat/message.ts';
import { askEach, chooseServers } from '../chat/on-servers.ts';
import { answer, isReply, joinReplies, type Reply, refuse } from '../chat/reply.ts';
import type { Request, Subcommand } from '../chat/subcommand.ts';
import type { SweepParts } from './parts.ts';
import { type SweepOutcome, sweepServer } from './sweep.ts';

/** `sweep` in Slack: sweeps now, posts like every sweep, and sums up the result for the caller. */

export const sweepCommand: Subcommand<SweepParts> = {
  name: 'sweep',
  usage: 'sweep [on <server>]',
  summary: 'Runs a sweep now, like the scheduled ones.',
  example: 'sweep',
  surfaces: ['slack'],
  needs: ['mysql', 'state'],
  isForAll: true,
  options: ['server'],
  run: sweep,
};

async function sweep(request: Request, parts: SweepParts): Promise<Reply> {
  const chosen = chooseServers(request, parts.targets);
  if (isReply(chosen)) return chosen;
  const replies = await askEach(chosen, async (target) =>
    toReply(target.server.name, await sweepServer(target, parts)),
  );
  return joinReplies(replies);
}

function toReply(server: string, outcome: SweepOutcome): Reply {
  switch (outcome.kind) {
    case 'busy':
      return refuse(`${server}: a sweep is already under way.`, 0);
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
