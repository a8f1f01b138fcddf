import { count } from '../chat/lists.ts';
import { bold, type Message, text, time, user } from '../chat/message.ts';
import { chooseServers } from '../chat/on-servers.ts';
import { readAtBlocks } from '../chat/read-at.ts';
import { answer, isReply, type Reply } from '../chat/reply.ts';
import type { Request, Subcommand } from '../chat/subcommand.ts';
import { readOutsideFlushes } from './outside-flush.ts';
import type { FlushParts } from './parts.ts';
import type { FlushRequest } from './request.ts';
import type { AuditEntry } from './stores.ts';

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
  const behind = await Promise.all(
    names.slice(0, SERVERS_LOOKED_UP).map(async (name) => ({
      name,
      entries: await readOutsideFlushes(flushes, name),
    })),
  );
  const message = historyMessage(requests, outsideFlushBlocks(behind), server, readAt);
  return answer(message, requests.map(toRow));
}

/** Flushes without a request: nobody asked for them here, so nobody approved them. */
function outsideFlushBlocks(
  servers: readonly { readonly name: string; readonly entries: readonly AuditEntry[] }[],
): Message['blocks'] {
  return servers.flatMap(({ name, entries }) =>
    entries.map(({ at, what }) => ({
      kind: 'note' as const,
      spans: text(`${name}: ${what}; found by the sweep of `, time(at), '.'),
    })),
  );
}

function historyMessage(
  requests: readonly FlushRequest[],
  behind: Message['blocks'],
  server: string | null,
  readAt: Date,
): Message {
  const line = server === null ? 'history' : `history on ${server}`;
  const headline =
    requests.length === 0
      ? 'There are no flush requests yet.'
      : `The last ${count(requests.length, 'flush request', 'flush requests')}.`;
  return {
    headline,
    blocks: [
      { kind: 'text', spans: text(bold(headline)) },
      ...requests.map((request) => ({ kind: 'text', spans: spansOf(request) }) as const),
      ...behind,
      ...readAtBlocks(readAt, line, 'List the flush requests again'),
    ],
  };
}

function spansOf({
  id,
  server,
  requester,
  requestedAt,
  reason,
  state,
  decision,
  outcome,
}: FlushRequest) {
  const decided =
    decision === null ? [] : [', decided by ', user(decision.by), ' ', time(decision.at)];
  return text(
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
