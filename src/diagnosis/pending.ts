import { type Block, bold, type Message, text } from '../chat/message.ts';
import { readAtBlocks } from '../chat/read-at.ts';
import {
  joinParts,
  type Part,
  type Reply,
  type Request,
  refusal,
  type Subcommand,
} from '../chat/subcommand.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import type { Activity } from '../hostcache/activity.ts';
import type { Server } from '../hostcache/server.ts';
import { refusedWish } from './fault.ts';
import type { Target } from './gather.ts';
import { chooseServers } from './wish.ts';

/** `pending`: connections that have not finished authentication, and the counters beside them. */

const ROWS_SHOWN = 50;

export interface PendingParts {
  readonly targets: readonly Pick<Target, 'server'>[];
  readonly now: () => Date;
}

export const pendingCommand: Subcommand<PendingParts> = {
  name: 'pending',
  usage: 'pending [on <server>]',
  summary: 'Shows connections that have not finished authentication.',
  example: 'pending',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql'],
  run: pending,
};

async function pending(request: Request, { targets, now }: PendingParts): Promise<Reply> {
  const servers = targets.map(({ server }) => server);
  const chosen = chooseServers(request, servers, request.words);
  if ('fault' in chosen) return joinParts([refusedWish(chosen)]);
  return joinParts(await Promise.all(chosen.servers.map((server) => lookAt(server, now()))));
}

async function lookAt(server: Server, readAt: Date): Promise<Part> {
  try {
    const activity = await server.activity();
    if (!activity.seesOthers) {
      const says = `${server.name}: connections of others cannot be seen; the reading account needs GRANT PROCESS ON *.*.`;
      return refusal(says, 3);
    }
    const rows = activity.pending.map((each) => ({ server: server.name, ...each }));
    return { message: pendingMessage(server.name, activity, readAt), rows, exit: 0 };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return refusal(error.message, 3);
  }
}

function pendingMessage(
  server: string,
  { pending: waiting, counters }: Activity,
  readAt: Date,
): Message {
  const count = waiting.length === 1 ? '1 connection has' : `${waiting.length} connections have`;
  const headline = `${count} not finished authentication on ${server}.`;
  const said = Object.entries(counters).map(([name, value]) => `${name} ${value}`);
  return {
    headline,
    blocks: [
      { kind: 'text', spans: text(bold(headline)) },
      { kind: 'note', spans: text(`Since the server started: ${said.join(', ')}.`) },
      ...table(waiting),
      ...readAtBlocks(readAt, `pending on ${server}`, `Show what is pending on ${server} again`),
    ],
  };
}

function table(waiting: Activity['pending']): readonly Block[] {
  if (waiting.length === 0) return [];
  const more = waiting.length - ROWS_SHOWN;
  return [
    {
      kind: 'table',
      columns: [
        { label: 'Client', align: 'left' },
        { label: 'Seconds', align: 'right' },
        { label: 'State', align: 'left' },
      ],
      rows: [
        ...waiting
          .slice(0, ROWS_SHOWN)
          .map(({ host, seconds, state }) => [host || 'not shown', String(seconds ?? ''), state]),
        ...(more > 0 ? [[`+ ${more} more`, '', '']] : []),
      ],
    },
  ];
}
