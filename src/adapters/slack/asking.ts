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

/** Asks the world: a line that lacks something opens a modal, and the answers complete it. */

/** A line that somebody typed or clicked. */
export interface Heard {
  readonly line: string;
  readonly caller: Person;
  readonly asked: Asked;
  /** Opens one modal, within three seconds. */
  readonly triggerId: string;
  /** null: Slack gave none. */
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

/** Of a line that is told to be typed; Slack's composer takes no more with comfort. */
const SHOWN_LINE = 1000;

/** null: the modal is open; else what to tell instead. */
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

/** The line with its answers, as a wish of whoever submits it: no form lends anybody's authority. */
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
  // A form that asks for nothing was never ours: its line counts as typed, as no button was seen.
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
  const says = `This line of ${line.length} characters is too long for the form that asks for the rest.`;
  return refuse(`${says} Shorten it, or type the rest too.`);
}

function notOpened(line: string, asks: readonly Ask[]): Reply {
  const whole = cut(wholeLine(line, asks), SHOWN_LINE);
  const says = 'Slack did not open the form that asks for the rest. Type it in one line: ';
  return refuse(text(says, code(`/hostcache ${whole}`)), 3);
}
