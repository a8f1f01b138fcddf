// `plan`: says what a change would do to every client that a server has seen. It changes nothing. Does I/O.

import { askEach, chooseServers, type ReadingParts } from '../chat/on-servers.ts';
import { answer, type ExitCode, isReply, joinReplies, type Reply, refuse } from '../chat/reply.ts';
import type { Request, Subcommand } from '../chat/subcommand.ts';
import type { Target } from '../diagnosis/gather.ts';
import type { Change } from './change.ts';
import { gatherSeen } from './gather.ts';
import { countEffects, type Plan, planOf } from './plan.ts';
import { planRows } from './plan-json.ts';
import { planMessage, planSql } from './plan-messages.ts';
import { readChange } from './read-change.ts';

export const planCommand: Subcommand<ReadingParts<Target>> = {
  name: 'plan',
  usage: 'plan <change> [on <server>] [publicly]',
  summary: 'Says what a change would do to every client. Changes nothing.',
  example: 'plan skip-name-resolve on',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql'],
  isForAll: true,
  options: ['server'],
  run: plan,
};

async function plan(request: Request, parts: ReadingParts<Target>): Promise<Reply> {
  const args = readPlan(request, parts);
  if (isReply(args)) return args;
  const { change, servers, isPublic } = args;
  const replies = await askEach(servers, (target) => planOn(target, change, parts.now));
  return { ...joinReplies(replies), isPublic };
}

async function planOn(target: Target, change: Change, now: () => Date): Promise<Reply> {
  const made = planOf(await gatherSeen(target, change, now), change);
  if (typeof made === 'string') return refuse(`${target.server.name}: ${made}`);
  const reply = answer(planMessage(made), planRows(made), exitOf(made));
  if (made.statements.length === 0) return reply;
  const file = { name: `plan-${made.server}.sql`, text: planSql(made), says: 'The statements.' };
  return { ...reply, files: [file] };
}

/** Not 0 where somebody's answer is not known. */
function exitOf(made: Plan): ExitCode {
  const counts = countEffects(made);
  if (counts.loses + counts['changes-account'] > 0) return 1;
  return counts.unknown > 0 ? 3 : 0;
}

interface PlanArgs {
  readonly change: Change;
  readonly servers: readonly Target[];
  readonly isPublic: boolean;
}

function readPlan(request: Request, { targets }: ReadingParts<Target>): PlanArgs | Reply {
  const { text, on, isPublic } = splitPlan(request, targets);
  const servers = chooseServers({ words: on, options: request.options }, targets);
  if (isReply(servers)) return servers;
  const change = readChange(text);
  if (isReply(change)) return change;
  return { change, servers, isPublic };
}

/** The server and `publicly` stand at the end. A text without words, from a program, holds no options. */
function splitPlan({ words, line }: Request, targets: readonly Target[]) {
  if (words.length === 0) return { text: line, on: [], isPublic: false };
  const whole = /^(.*?)(\s+publicly)?\s*$/is.exec(line);
  const isPublic = whole?.[2] !== undefined;
  const rest = whole?.[1] ?? line;
  const [, before = rest, named] = /^(.*\S)\s+on\s+(\S+)$/is.exec(rest) ?? [];
  const isServer = named === 'all' || targets.some(({ server }) => server.name === named);
  if (!isServer || named === undefined) return { text: rest, on: [], isPublic };
  return { text: before, on: ['on', named], isPublic };
}
