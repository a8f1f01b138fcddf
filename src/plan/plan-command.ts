// `plan`: says what a change would do to every client that a server has seen. It changes nothing. Does I/O.

import { paragraph } from '../chat/message.ts';
import { askEach } from '../chat/on-servers.ts';
import { answer, type ExitCode, isReply, joinReplies, type Reply, refuse } from '../chat/reply.ts';
import type { Ask, Caller, Request, Subcommand } from '../chat/subcommand.ts';
import type { Target } from '../diagnosis/gather.ts';
import type { Change } from './change.ts';
import { type CheckParts, checkPlan, isCheck } from './check-command.ts';
import { gatherSeen } from './gather.ts';
import { keepPlan } from './keep.ts';
import { countEffects, type Plan, planOf } from './plan.ts';
import { planRows } from './plan-json.ts';
import { lacksChange, readPlan } from './plan-line.ts';
import { fittingSql, planMessage, planSql, type Shown } from './plan-messages.ts';
import { CHANGES, NAMES, readChange } from './read-change.ts';

const SHOWN: Readonly<Record<Caller['kind'], Shown>> = {
  // Slack cuts a text at 3000 characters.
  person: { statements: 2800, more: 'in the file' },
  terminal: {
    statements: 100_000,
    more: '--json prints all',
    later: 'After the change: hostcache plan check <file>, with what --json printed before.',
  },
};

const CHANGE: Ask = {
  name: 'change',
  label: `Which change: ${CHANGES.join(', ')}`,
  max: 1000,
  isOptional: false,
  fault: (typed) => {
    const change = readChange(typed);
    return isReply(change) ? (change.messages[0]?.headline ?? 'Expected a change.') : null;
  },
};

export const planCommand: Subcommand<CheckParts> = {
  name: 'plan',
  usage: 'plan <change> [on <server>] [publicly]',
  summary:
    'Says what a change would do to every client, and compares it afterwards (plan check). Changes nothing.',
  example: 'plan skip-name-resolve on',
  surfaces: ['slack', 'terminal'],
  // A terminal keeps no plan, so it does not open the state.
  needs: ['mysql'],
  isForAll: true,
  options: ['server'],
  asks: (request) => (request.caller.kind === 'person' && lacksChange(request) ? [CHANGE] : []),
  form: () => ({
    title: 'Plan a change',
    submit: 'Plan',
    blocks: async () => [
      paragraph(
        'Says what the change would do to every client that the server has seen, and what to run first so that nobody loses access. ',
        'It only reads, and only you see the answer.',
      ),
    ],
  }),
  exits: [
    'nobody loses access or changes account, and each promise holds',
    'somebody loses access or changes account, or a promise does not hold',
  ],
  completes: NAMES,
  run: (request, parts) => (isCheck(request) ? checkPlan(request, parts) : plan(request, parts)),
};

async function plan(request: Request, parts: CheckParts): Promise<Reply> {
  const args = readPlan(request, parts.targets);
  if (isReply(args)) return args;
  const { change, servers, isPublic } = args;
  const replies = await askEach(servers, (target) => planOn(target, change, request.caller, parts));
  return { ...joinReplies(replies), isPublic };
}

async function planOn(
  target: Target,
  change: Change,
  { kind }: Caller,
  { plans, now }: CheckParts,
): Promise<Reply> {
  const made = planOf(await gatherSeen(target, change, now), change);
  if (typeof made === 'string') return refuse(`${target.server.name}: ${made}`);
  const isKept = plans !== undefined && kind === 'person' && made.rows.length > 0;
  const kept = isKept ? await keepPlan(made, plans, made.readAt) : null;
  const shown = SHOWN[kind];
  const reply = answer(planMessage(made, kept, shown), planRows(made), exitOf(made));
  const { left } = fittingSql(made, shown);
  if (left === 0) return reply;
  const says = `The ${made.statements.length} statements of the plan for ${made.server}.`;
  return { ...reply, files: [{ name: `plan-${made.server}.sql`, text: planSql(made), says }] };
}

/** Not 0 where somebody's answer is not known, or somebody may have been left out. */
function exitOf(made: Plan): ExitCode {
  const counts = countEffects(made);
  if (counts.loses + counts['changes-account'] > 0) return 1;
  return counts.unknown > 0 || made.memory === 'unreadable' ? 3 : 0;
}
