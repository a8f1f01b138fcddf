import { count } from '../chat/lists.ts';
import { type Message, sentence } from '../chat/message.ts';
import {
  joinParts,
  type Part,
  type Reply,
  type Request,
  refusal,
  type Subcommand,
} from '../chat/subcommand.ts';
import { mapAtOnce } from '../chat/waiting.ts';
import { refusedWish } from '../diagnosis/fault.ts';
import { chooseServers } from '../diagnosis/wish.ts';
import type { SweepCommandParts } from './command-parts.ts';
import { type SweepOutcome, type SweptServer, sweepServer } from './sweep.ts';

/** `sweep`: looks now; what it finds is told as at any sweep, and summed up to the caller. */

/** So many servers at once; the others wait their turn. */
export const SERVERS_AT_ONCE = 20;

export const sweepCommand: Subcommand<SweepCommandParts> = {
  name: 'sweep',
  usage: 'sweep [on <server>]',
  summary: 'Looks at the servers now, as the scheduled sweeps do.',
  example: 'sweep',
  surfaces: ['slack'],
  needs: ['mysql', 'state'],
  run: sweep,
};

async function sweep(request: Request, parts: SweepCommandParts): Promise<Reply> {
  const named = parts.servers.map((server) => ({ ...server, name: server.target.server.name }));
  const chosen = chooseServers(request, named, request.words);
  if ('fault' in chosen) return joinParts([refusedWish(chosen)]);
  const outcomes = await sweepAll(chosen.servers, parts);
  return joinParts(outcomes.map(({ server, outcome }) => toPart(server, outcome)));
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

function toPart(server: string, outcome: SweepOutcome): Part {
  switch (outcome.kind) {
    case 'busy':
      return refusal(`${server}: a sweep is under way already.`, 0);
    case 'failed':
      return refusal(`${server}: the sweep failed: ${outcome.why}`, 3);
    case 'swept': {
      const { record, changes } = outcome;
      const isRead = record.failure === null;
      return {
        message: summary(server, outcome),
        rows: [{ ...record, changes: changes.length }],
        exit: isRead ? 0 : 3,
      };
    }
  }
}

function summary(
  server: string,
  { record, changes }: Extract<SweepOutcome, { kind: 'swept' }>,
): Message {
  if (record.failure !== null) return sentence(`${server} could not be read: ${record.failure}`);
  const { entries, capacity, blocked, nullHosts, stale, nearBlock, silenced } = record;
  const counts = [
    `${entries} of ${capacity} entries`,
    `${blocked} blocked`,
    `${nearBlock} close to it`,
    `${nullHosts} without a name`,
    `${stale} stale`,
    ...(silenced > 0 ? [`${silenced} silenced`] : []),
  ];
  const news =
    changes.length === 0 ? 'nothing changed' : `${count(changes.length, 'alert')} changed`;
  return sentence(`${server}: ${counts.join(', ')}; ${news}.`);
}
