// `plan check`: compares what a plan promised with the server as it is now. Does I/O.

import { askEach, chooseServers, type ReadingParts, targetNamed } from '../chat/on-servers.ts';
import { answer, isReply, joinReplies, type Reply, refuse } from '../chat/reply.ts';
import type { Request } from '../chat/subcommand.ts';
import { shorten } from '../chat/words.ts';
import type { Target } from '../diagnosis/gather.ts';
import { type Address, parseAddress } from '../hostcache/address.ts';
import type { Change } from './change.ts';
import { checkPromises } from './check.ts';
import { checkExit, checkMessage, checkRows } from './check-messages.ts';
import { gatherSeen } from './gather.ts';
import type { Promises } from './promises.ts';
import { readChange } from './read-change.ts';
import { readSavedPlans } from './saved-plan.ts';
import { PLAN_DAYS, type PlanStore } from './stores.ts';

export interface CheckParts extends ReadingParts<Target> {
  /** Absent = plans are not kept. */
  readonly plans?: PlanStore;
}

const ID = /^PL-\d{1,15}$/;

/** Whether the line asks for a check: no change begins with this word. */
export function isCheck({ words }: Pick<Request, 'words'>): boolean {
  return words[0]?.toLowerCase() === 'check';
}

/** In a terminal, `line` is the text that was read. */
export async function checkPlan(request: Request, parts: CheckParts): Promise<Reply> {
  const { caller, options } = request;
  const found =
    caller.kind === 'terminal' ? readSaved(request) : await findKept(request.words, parts);
  if (isReply(found)) return found;
  const asked = found.plans.filter(({ server }) => server === (options.server ?? server));
  if (asked.length === 0) return refuse(`The plan is not about ${options.server}.`);
  const replies: Reply[] = [];
  for (const promises of asked) replies.push(await checkOne(promises, found.line, parts));
  return { ...joinReplies(replies), isPublic: found.isPublic };
}

interface FoundPlans {
  readonly plans: readonly Promises[];
  /** The line that checks it again; null = none. */
  readonly line: string | null;
  readonly isPublic: boolean;
}

function readSaved({ words, line }: Request): FoundPlans | Reply {
  const [, id = ''] = words;
  // An id is not read as a file.
  if (ID.test(id.toUpperCase()) && line === words.join(' ')) {
    return refuse(
      `${id} can be checked in Slack. In a terminal: hostcache plan check <file>, with what "hostcache plan <change> --json" printed.`,
    );
  }
  const plans = readSavedPlans(line);
  return isReply(plans) ? plans : { plans, line: null, isPublic: false };
}

async function findKept(
  [, typed = '', ...others]: readonly string[],
  { plans }: CheckParts,
): Promise<FoundPlans | Reply> {
  const id = typed.toUpperCase();
  const isPublic = others.length === 1 && others[0]?.toLowerCase() === 'publicly';
  if (!ID.test(id) || (others.length > 0 && !isPublic)) {
    const got = [typed, ...others].join(' ');
    return refuse(
      `Expected the id of a plan, such as "plan check PL-12", got ${got === '' ? 'nothing' : `"${shorten(got)}"`}.`,
    );
  }
  if (plans === undefined) return refuse('Plans are not kept here.', 3);
  const kept = await plans.find(id);
  if (kept === null) {
    return refuse(`There is no plan ${id}. Plans are forgotten after ${PLAN_DAYS} days.`);
  }
  return { plans: [kept], line: `plan check ${id}`, isPublic };
}

async function checkOne(
  promises: Promises,
  line: string | null,
  parts: CheckParts,
): Promise<Reply> {
  const { server, change: typed } = promises;
  const change = readChange(typed);
  if (isReply(change)) return change;
  const target = targetNamed(server, parts);
  const chosen = chooseServers({ words: ['on', server], options: {} }, parts.targets);
  if (target === undefined)
    return isReply(chosen) ? chosen : refuse(`${server} is not configured.`);
  const [reply] = await askEach([target], async () => {
    // Of the other changes, all that matters now is what the server does now.
    const asked = change.kind === 'dns' ? change : null;
    const seen = await gatherSeen(target, asked, parts.now, addressesOf(promises, change));
    const { world, gaps, readAt } = seen;
    const check = checkPromises(promises, change, world);
    const message = checkMessage(check, gaps, readAt, line);
    return answer(message, checkRows(check, gaps), checkExit(check));
  });
  return reply ?? refuse(`${server} was not asked.`, 3);
}

function addressesOf({ promises }: Promises, change: Change): readonly Address[] {
  const clients = promises.flatMap(({ client }) => parseAddress(client) ?? []);
  return change.kind === 'dns' ? [...clients, change.address] : clients;
}
