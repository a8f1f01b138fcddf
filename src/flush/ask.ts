import {
  type Block,
  link,
  type Message,
  note,
  paragraph,
  type Spans,
  text,
  time,
} from '../chat/message.ts';
import { serverNames } from '../chat/on-servers.ts';
import { answer, isReply, type Reply, refuse } from '../chat/reply.ts';
import type { Ask, Caller, Request, Subcommand } from '../chat/subcommand.ts';
import { nearest, nearestName, shorten } from '../chat/words.ts';
import { releaseOf } from '../hostcache/release.ts';
import { isAlone, withOneRequester } from './approvers.ts';
import { postAgainIfDeleted, waitForCard, whyUnseen } from './card.ts';
import { createRequest } from './flush.ts';
import { flushForm } from './form.ts';
import type { FlushParts, FlushTarget } from './parts.ts';
import { cardPosts } from './posts.ts';
import type { FlushRequest } from './request.ts';

/** `flush`: stores a request with its card, at most one open request per server. */

const REASON_LIMIT = 300;

const REASON: Ask = { name: 'reason', label: 'Why', max: REASON_LIMIT, isOptional: false };

export const flushCommand: Subcommand<FlushParts> = {
  name: 'flush',
  usage: 'flush [on <server>] <reason>',
  summary: 'Requests a flush of the host cache; a second person approves it.',
  example: 'flush on main DNS is fixed',
  surfaces: ['slack'],
  needs: ['mysql', 'state', 'slack'],
  changes: 'requested',
  // For an unknown server, `run` refuses; there is no point in asking for a reason.
  asks: ({ words }, { targets }) => {
    const args = readArgs(words, targets);
    return isReply(args) || args.reason !== '' ? [] : [REASON];
  },
  form: ({ words, caller }, parts) => {
    const args = readArgs(words, parts.targets);
    if (isReply(args) || caller.kind !== 'person')
      throw new Error('expected a person and a server');
    return flushForm(args.target, caller.user, parts);
  },
  understands: ({ words, caller }, { targets }) =>
    !isReply(readArgs(words, targets, isClicked(caller))),
  refusal: async ({ words, caller }, parts) => {
    const args = readArgs(words, parts.targets);
    return isReply(args) ? args : await refusalOf(args.target, caller, parts);
  },
  run: ask,
  repeated: askedBefore,
};

async function ask({ words, caller }: Request, parts: FlushParts): Promise<Reply> {
  const args = readArgs(words, parts.targets, isClicked(caller));
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
  const off = await refusalOf(target, caller, parts);
  if (off !== null) return off;
  const open = await parts.flushes.openOn(target.server.name);
  if (open !== null) return await alreadyAsked(open, target, parts);
  return await makeRequest(target, reason, caller, parts);
}

async function askedBefore({ words }: Request, parts: FlushParts): Promise<Reply | null> {
  const args = readArgs(words, parts.targets);
  if (isReply(args)) return args;
  const open = await parts.flushes.openOn(args.target.server.name);
  return open === null ? null : await alreadyAsked(open, args.target, parts);
}

function isClicked(caller: Caller): boolean {
  return caller.kind === 'person' && caller.isClick === true;
}

type Person = Extract<Caller, { kind: 'person' }>;

interface FlushArgs {
  /** The server named by `on`, or the only one. */
  readonly target: FlushTarget;
  /** Empty: not given. */
  readonly reason: string;
}

/** `[on <server>] <reason>`. A button always names its server, which may no longer be in the settings. */
function readArgs(
  words: readonly string[],
  targets: readonly FlushTarget[],
  isClick = false,
): FlushArgs | Reply {
  const [on, name = '', ...rest] = words;
  const isOn = on?.toLowerCase() === 'on';
  const named = isOn ? targets.find(({ server }) => server.name === name) : undefined;
  if (named !== undefined) return { target: named, reason: rest.join(' ').trim() };
  const [only, ...others] = targets;
  const isServerName = isOn && (isClick || isLikeServer(name, namesOf(targets)));
  if (only === undefined || others.length > 0 || isServerName) return notServer(words, targets);
  return { target: only, reason: words.join(' ').trim() };
}

/**
 * Whether this is probably a mistyped server name. Otherwise it would become part of the reason, and
 * the request would be for another server. `on call` and `on 20th` are the start of a reason.
 */
function isLikeServer(word: string, names: readonly string[]): boolean {
  return nearest(word, names) !== null || /^[a-z][a-z._-]*\d[a-z0-9._-]*$/.test(word);
}

function notServer(words: readonly string[], targets: readonly FlushTarget[]): Reply {
  const [on = '', name = ''] = words;
  const isOn = on.toLowerCase() === 'on';
  const quote = isOn && targets.length === 1 ? ' To start a reason with "on", quote it.' : '';
  const expected = serverNames(targets);
  const got = shorten([on, name].join(' ').trim());
  return refuse(`flush: expected "on" and one of ${expected}, got "${got}".${quote}`, 2, {
    word: name,
    instead: isOn ? nearestName(name, namesOf(targets)) : null,
  });
}

function namesOf(targets: readonly FlushTarget[]): readonly string[] {
  return targets.map(({ server }) => server.name);
}

async function makeRequest(
  target: FlushTarget,
  reason: string,
  caller: Person,
  parts: FlushParts,
): Promise<Reply> {
  const { flushes, wake } = parts;
  const { channel } = target;
  const { name } = target.server;
  // The card goes into a thread only if it was requested in a thread of the server's channel.
  const thread = caller.channel === channel ? caller.thread : null;
  const asked = { server: name, reason, requester: caller.user, channel, thread };
  const made = await createRequest(asked, target, parts);
  const card = await withOneRequester(target, caller.user, parts);
  if (!(await flushes.add(made, cardPosts(made, card, made.requestedAt)))) {
    const first = await flushes.openOn(name);
    if (first !== null) return await alreadyAsked(first, target, parts);
  }
  wake();
  const unseen = await waitForCard(made, parts);
  if (unseen !== null) {
    const headline = `${made.id}: your request to flush ${name} is stored, but its card is not posted yet.`;
    return answer({ headline, blocks: [paragraph(`${made.id} is stored. `, ...unseen)] });
  }
  const { expiresAt } = (await flushes.find(made.id)) ?? made;
  const headline = `${made.id}: your request to flush ${name} is waiting for a second person.`;
  const blocks = [paragraph(`${headline} It can be approved until `, time(expiresAt), '.')];
  return answer({ headline, blocks });
}

async function alreadyAsked(
  request: FlushRequest,
  target: FlushTarget,
  parts: FlushParts,
): Promise<Reply> {
  const { id, server, state } = request;
  const says = `${id} already requests a flush of ${server} and is ${state}`;
  const where = await whereItStands(request, target, parts);
  const button = {
    label: `Show ${id}`,
    line: `history on ${server}`,
    says: `Show the flush requests of ${server}`,
  };
  const blocks: readonly Block[] = [
    paragraph(`${says}. `, ...where),
    { kind: 'buttons', buttons: [button] },
  ];
  return answer({ headline: `${says}.`, blocks }, [], 2);
}

/** Where its card can be seen, or why it cannot. */
async function whereItStands(
  request: FlushRequest,
  target: FlushTarget,
  parts: FlushParts,
): Promise<Spans> {
  const unseen = await whyUnseen(request, parts);
  if (unseen !== null) return unseen;
  if (request.state === 'pending' && (await postAgainIfDeleted(request, target, parts)))
    return text('Its card was deleted, and is posted again.');
  const url = await parts.linkTo(request.id);
  return url === null ? text('See its card.') : text('See its card: ', link(request.id, url), '.');
}

/** null = flushing is on. */
async function refusalOf(
  target: FlushTarget,
  caller: Caller,
  parts: FlushParts,
): Promise<Reply | null> {
  const off = await whyOff(target, caller, parts);
  return off === null ? null : answer(off, [], 2);
}

/** Why flushing is off, how to fix it, and what to run by hand until then; null = it is on. */
async function whyOff(
  target: FlushTarget,
  caller: Caller,
  parts: FlushParts,
): Promise<Message | null> {
  const { flusher, server, approvers } = target;
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
  const isAsking = caller.kind === 'person' && (await parts.flushes.openOn(name)) === null;
  if (isAsking && (await isAlone(caller.user, target, parts))) {
    const says = `Nobody else may approve a flush of ${name}: you are the only one in APPROVERS.`;
    return offMessage(`${says} Add a second person there.`, [], byHand);
  }
  return null;
}

function offMessage(says: string, statements: readonly string[], byHand: string): Message {
  return {
    headline: says,
    blocks: [
      paragraph(says),
      ...statements.map((statement) => ({ kind: 'statement', text: statement }) as const),
      note('Until then, an administrator can run this on the server by hand:'),
      { kind: 'statement', text: byHand },
    ],
  };
}
