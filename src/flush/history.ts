import { readAtBlocks } from '../chat/listing.ts';
import { count } from '../chat/lists.ts';
import {
  type Block,
  bold,
  headed,
  note,
  paragraph,
  type Spans,
  text,
  time,
  user,
} from '../chat/message.ts';
import { chooseServers } from '../chat/on-servers.ts';
import { answer, isReply, type Reply } from '../chat/reply.ts';
import type { Request, Subcommand } from '../chat/subcommand.ts';
import { readOutsideFlushes } from './outside-flush.ts';
import type { FlushParts } from './parts.ts';
import type { FlushRequest } from './request.ts';
import type { FlushStore, Refusals } from './stores.ts';

/** `history`: who asked for a flush, who decided, who was refused, what happened. */

const SHOWN = 20;

/** Refusals shown per request. */
const REFUSALS_SHOWN = 3;

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
  const refusals = await flushes.refusalsOf(requests.map(({ id }) => id));
  const refusalsTo = ({ id }: FlushRequest) => refusals.get(id) ?? NONE;
  const outside = await Promise.all(
    names.slice(0, SERVERS_LOOKED_UP).map((name) => outsideFlushBlocks(flushes, name)),
  );
  const headline =
    requests.length === 0
      ? 'There are no flush requests yet.'
      : `The last ${count(requests.length, 'flush request')}.`;
  const line = server === null ? 'history' : `history on ${server}`;
  const message = headed(headline, [
    ...requests.map((asked) => requestBlock(asked, refusalsTo(asked))),
    ...outside.flat(),
    ...readAtBlocks(readAt, line, 'List the flush requests again'),
  ]);
  return answer(
    message,
    requests.map((asked) => toRow(asked, refusalsTo(asked))),
  );
}

const NONE: Refusals = { entries: [], total: 0 };

/** How far back the requests of one server are read. */
const PAST = 100;

/** The latest requests that emptied the cache, or may have. */
export async function pastFlushes(flushes: Pick<FlushStore, 'history'>, server: string) {
  const requests = await flushes.history(server, PAST);
  return requests
    .filter(({ state }) => state === 'flushed' || state === 'uncertain')
    .map(({ id, changedAt, reason }) => ({ request: id, at: changedAt, reason }));
}

/** Flushes without a request: nobody asked for them here, so nobody approved them. */
async function outsideFlushBlocks(flushes: FlushStore, server: string): Promise<readonly Block[]> {
  const entries = await readOutsideFlushes(flushes, server);
  return entries.map(({ at, what }) =>
    note(`${server}: ${what}; found by the sweep of `, time(at), '.'),
  );
}

function requestBlock(request: FlushRequest, refusals: Refusals): Block {
  const { id, server, requester, requestedAt, reason, state, decision, outcome } = request;
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
    ...refusalSpans(refusals),
  );
}

/** The latest refusals, each on a line; the others are counted. */
function refusalSpans({ entries, total }: Refusals): Spans {
  const shown = entries.slice(-REFUSALS_SHOWN);
  const more = total - shown.length;
  const lines = shown.flatMap(({ by, at, what }) => {
    const { act, why } = refusedAct(what);
    return text(
      `\nRefused: ${act} by `,
      by === null ? 'somebody' : user(by),
      ' ',
      time(at),
      `: ${why}`,
    );
  });
  return more > 0 ? [...lines, ...text(`\n+ ${count(more, 'more refusal')}`)] : lines;
}

const ACTS: Readonly<Record<string, string>> = {
  approved: 'approval',
  rejected: 'rejection',
  shown: 'a look at its card',
};

/** Reads `refused to be approved: …`, as the audit has it. */
function refusedAct(what: string): { readonly act: string; readonly why: string } {
  const [, to = '', why = what] = /^refused(?: to be (\w+))?: (.*)$/s.exec(what) ?? [];
  // The first sentence says why; others say what to do.
  const [first = why] = /^.*?\.(?=\s|$)/s.exec(why) ?? [];
  return { act: ACTS[to] ?? 'a click', why: first };
}

function toRow(request: FlushRequest, { entries, total }: Refusals): object {
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
    refusals: entries.map(({ by, at, what }) => ({ by, at, what })),
    refusalsTotal: total,
  };
}
