import type { RespondFn, webApi } from '@slack/bolt';
import { completedLine, wholeLine } from '../../chat/ask.ts';
import type { Caller } from '../../chat/caller.ts';
import type { Commands } from '../../chat/command.ts';
import type { Log } from '../../chat/log.ts';
import { code, text } from '../../chat/message.ts';
import { type Reply, refuse } from '../../chat/reply.ts';
import type { Ask } from '../../chat/subcommand.ts';
import { cut } from './clean.ts';
import { drawModal, type Lacking, type Submitted, wrongAnswers } from './modal.ts';
import type { Asked } from './send-reply.ts';

/** Opens a modal for an incomplete line, and completes the line with the answers. Does I/O. */

/** A line that somebody typed or clicked. */
export interface Heard {
  readonly line: string;
  readonly caller: Person;
  readonly asked: Asked;
  /** Opens one modal; valid for three seconds. */
  readonly triggerId: string;
  /** null = Slack gave none. */
  readonly responseUrl: string | null;
  readonly respond: RespondFn;
}

export type Person = Extract<Caller, { kind: 'person' }>;

export interface AskingParts {
  readonly client: webApi.WebClient;
  readonly now: () => Date;
  readonly log: Log;
}

export type Taken =
  | { readonly kind: 'complete'; readonly line: string; readonly caller: Person }
  /** What is wrong, by block_id. */
  | { readonly kind: 'wrong'; readonly errors: Readonly<Record<string, string>> };

/** Characters of a line that people are asked to type; longer ones are awkward in Slack. */
const SHOWN_LINE = 1000;

/** null = the modal is open; otherwise the reply to send instead. */
export async function openModal(
  heard: Omit<Heard, 'respond'>,
  asks: readonly Ask[],
  { client, now, log }: AskingParts,
): Promise<Reply | null> {
  const view = drawModal(lackingOf(heard, now()), asks);
  if (view === null) return tooLong(heard.line);
  try {
    await client.views.open({ trigger_id: heard.triggerId, view });
    return null;
  } catch (error) {
    log.warn('Slack did not open a form', { error });
    return notOpened(heard.line, asks);
  }
}

/** Completes the line, which runs with the permissions of the person who submits. */
export function takeAnswers(
  { lacking, answers }: Submitted,
  submitter: string,
  read: Commands['read'],
): Taken {
  const { line, channel, thread } = lacking;
  const typist: Person = { kind: 'person', user: submitter, channel, thread };
  const clicker: Person = lacking.isClick ? { ...typist, isClick: true } : typist;
  const { asks } = read(line, clicker);
  const errors = wrongAnswers(asks, answers);
  if (Object.keys(errors).length > 0) return { kind: 'wrong', errors };
  // Our forms always ask for something. The line of any other form counts as typed, not as clicked.
  const caller = asks.length > 0 ? clicker : typist;
  return { kind: 'complete', line: completedLine(line, asks, answers), caller };
}

function lackingOf(
  { line, caller, asked, responseUrl }: Omit<Heard, 'respond'>,
  now: Date,
): Lacking {
  const { user, channel, thread, isClick = false } = caller;
  return { line, user, channel, thread, isClick, asked, responseUrl, heardAtMs: now.getTime() };
}

function tooLong(line: string): Reply {
  const problem = `This line of ${line.length} characters is too long for a form.`;
  return refuse(`${problem} Shorten it, or type the missing parts too.`);
}

function notOpened(line: string, asks: readonly Ask[]): Reply {
  const example = cut(wholeLine(line, asks), SHOWN_LINE);
  const problem =
    'Slack did not open the form for the missing parts. Type everything in one line: ';
  return refuse(text(problem, code(`/hostcache ${example}`)), 3);
}
