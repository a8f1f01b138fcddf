import { randomUUID } from 'node:crypto';
import { addMilliseconds } from 'date-fns/addMilliseconds';
import { addMinutes } from 'date-fns/addMinutes';
import type { Caller } from '../chat/caller.ts';
import { link, type Message, sentence, text, time } from '../chat/message.ts';
import { answer, isReply, type Reply, refuse } from '../chat/reply.ts';
import type { Request } from '../chat/subcommand.ts';
import { releaseOf } from '../hostcache/release.ts';
import { readFlush } from './args.ts';
import { readShown } from './flush.ts';
import type { FlushParts, FlushTarget } from './parts.ts';
import { cardPost } from './posts.ts';
import type { FlushRequest } from './request.ts';

/** `flush`: stores a request with its card, at most one open request per server. */

const REASON_LIMIT = 300;

export async function ask({ words, caller }: Request, parts: FlushParts): Promise<Reply> {
  const isClick = caller.kind === 'person' && caller.isClick === true;
  const args = readFlush(words, parts.targets, isClick);
  if (isReply(args)) return args;
  const { target, reason } = args;
  if (reason === '' || caller.kind !== 'person') {
    return refuse('flush: expected a reason, got none.');
  }
  if (reason.length > REASON_LIMIT) {
    return refuse(
      `flush: expected a reason of ${REASON_LIMIT} characters at most, got ${reason.length}.`,
    );
  }
  const off = await whyOff(target);
  if (off !== null) return answer(off, [], 2);
  const open = await parts.flushes.openOn(target.server.name);
  if (open !== null) return await alreadyAsked(open, parts);
  if (!(await isFirst(caller, parts))) {
    return refuse('flush: this request was already handled; it is not repeated.');
  }
  const asked = { reason, requester: caller.user, thread: threadOf(caller, target) };
  return await makeRequest(target, asked, parts);
}

type Person = Extract<Caller, { kind: 'person' }>;

type Asked = Pick<FlushRequest, 'reason' | 'requester' | 'thread'>;

/** Slack's signatures are valid for five minutes in both directions, on every replica. */
const REPLAYED_FOR_MINUTES = 15;

/** Whether no replica has handled this request before. */
async function isFirst({ occasion }: Person, { leases, now }: FlushParts): Promise<boolean> {
  if (occasion === undefined) return true;
  const at = now();
  const until = addMinutes(at, REPLAYED_FOR_MINUTES);
  return leases.acquire(`asked ${occasion}`, randomUUID(), at, until);
}

async function makeRequest(target: FlushTarget, asked: Asked, parts: FlushParts): Promise<Reply> {
  const { flushes, now, requestTtlMs, wake } = parts;
  const { name } = target.server;
  const shown = await readShown(target, now());
  const requestedAt = now();
  const made: FlushRequest = {
    ...asked,
    id: await flushes.nextFlushId(),
    server: name,
    requestedAt,
    expiresAt: addMilliseconds(requestedAt, requestTtlMs),
    shown,
    channel: target.channel,
    state: 'pending',
    decision: null,
    outcome: null,
    changedAt: requestedAt,
  };
  if (!(await flushes.add(made, [cardPost(made, target, requestedAt)]))) {
    const first = await flushes.openOn(name);
    if (first !== null) return await alreadyAsked(first, parts);
  }
  wake();
  const headline = `${made.id}: your request to flush ${name} is waiting for a second person.`;
  const message: Message = {
    headline,
    blocks: [
      {
        kind: 'text',
        spans: text(`${headline} It can be approved until `, time(made.expiresAt), '.'),
      },
    ],
  };
  return answer(message);
}

/** The thread for the card: only when clicked in a thread of the server's channel. */
function threadOf(caller: Person, { channel }: FlushTarget): string | null {
  return caller.isClick && caller.channel === channel ? caller.thread : null;
}

async function alreadyAsked(
  { id, server, state }: FlushRequest,
  { linkTo }: FlushParts,
): Promise<Reply> {
  const says = `${id} already requests a flush of ${server} and is ${state}; see its card`;
  const url = await linkTo(id);
  const where = url === null ? [] : [': ', link(id, url)];
  const message: Message = {
    headline: `${says}.`,
    blocks: [
      { kind: 'text', spans: text(says, ...where, '.') },
      {
        kind: 'buttons',
        buttons: [
          {
            label: `Show ${id}`,
            line: `history on ${server}`,
            says: `Show the flush requests of ${server}`,
          },
        ],
      },
    ],
  };
  return answer(message, [], 2);
}

/** Why flushing is off, how to fix it, and what to run by hand until then; null = it is on. */
async function whyOff({ flusher, server, approvers }: FlushTarget): Promise<Message | null> {
  const { name } = server;
  const byHand = `${releaseOf(await server.settings()).flush.sql};`;
  if (flusher === null) {
    return offMessage(`Flushing ${name} from here is off: MYSQL_FLUSH_URL is not set.`, [], byHand);
  }
  const permission = await flusher.mayFlush();
  if (permission.kind === 'off') {
    return offMessage(`Flushing ${name} is off: ${permission.why}.`, permission.statements, byHand);
  }
  if (approvers.length === 0) {
    return offMessage(`Nobody may approve a flush of ${name}: APPROVERS is empty.`, [], byHand);
  }
  return null;
}

function offMessage(says: string, statements: readonly string[], byHand: string): Message {
  return {
    headline: says,
    blocks: [
      ...sentence(says).blocks,
      ...statements.map((statement) => ({ kind: 'statement', text: statement }) as const),
      {
        kind: 'note',
        spans: text('Until then, an administrator can run this on the server by hand:'),
      },
      { kind: 'statement', text: byHand },
    ],
  };
}
