import { readAtBlocks } from '../chat/listing.ts';
import { count } from '../chat/lists.ts';
import { type Block, bold, headed, note, paragraph, time, user } from '../chat/message.ts';
import { chooseServers } from '../chat/on-servers.ts';
import { answer, isReply, type Reply } from '../chat/reply.ts';
import type { Request, Subcommand } from '../chat/subcommand.ts';
import { readOutsideFlushes } from './outside-flush.ts';
import type { FlushParts } from './parts.ts';
import type { FlushRequest } from './request.ts';
import type { FlushStore } from './stores.ts';

/** `history`: who asked for a flush, who decided, what happened. */

const SHOWN = 20;

/** Each one costs a query to the state. */
const SERVERS_LOOKED_UP = 20;

export const historyCommand: Subcommand<FlushParts> = {
  name: 'history',
  usage: 'history [on <server>]',
  summary: 'Lists flush requests: who asked, who decided, what happened.',
  example: 'history',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql', 'state'],
  isForAll: true,
  options: ['server'],
  run: history,
};

async function history(request: Request, { flushes, targets, now }: FlushParts): Promise<Reply> {
  const chosen = chooseServers(request, targets);
  if (isReply(chosen)) return chosen;
  const names = chosen.map(({ server }) => server.name);
  const [only = null, ...others] = names;
  const server = others.length === 0 ? only : null;
  const readAt = now();
  const requests = await flushes.history(server, SHOWN);
  const outside = await Promise.all(
    names.slice(0, SERVERS_LOOKED_UP).map((name) => outsideFlushBlocks(flushes, name)),
  );
  const headline =
    requests.length === 0
      ? 'There are no flush requests yet.'
      : `The last ${count(requests.length, 'flush request')}.`;
  const line = server === null ? 'history' : `history on ${server}`;
  const message = headed(headline, [
    ...requests.map(requestBlock),
    ...outside.flat(),
    ...readAtBlocks(readAt, line, 'List the flush requests again'),
  ]);
  return answer(message, requests.map(toRow));
}

/** Flushes without a request: nobody asked for them here, so nobody approved them. */
async function outsideFlushBlocks(flushes: FlushStore, server: string): Promise<readonly Block[]> {
  const entries = await readOutsideFlushes(flushes, server);
  return entries.map(({ at, what }) =>
    note(`${server}: ${what}; found by the sweep of `, time(at), '.'),
  );
}

function requestBlock({
  id,
  server,
  requester,
  requestedAt,
  reason,
  state,
  decision,
  outcome,
}: FlushRequest): Block {
  const decided =
    decision === null ? [] : [', decided by ', user(decision.by), ' ', time(decision.at)];
  return paragraph(
    bold(id),
    ` ${server}: ${state}. Asked by `,
    user(requester),
    ' ',
    time(requestedAt),
    `: ${reason}`,
    ...decided,
    outcome === null ? '' : `. ${outcome}`,
  );
}

function toRow(request: FlushRequest): object {
  const { id, server, state, reason, requester, requestedAt, decision, outcome, changedAt } =
    request;
  return {
    id,
    server,
    state,
    reason,
    requester,
    requestedAt,
    decidedBy: decision?.by ?? null,
    decidedAt: decision?.at ?? null,
    outcome,
    changedAt,
  };
}
