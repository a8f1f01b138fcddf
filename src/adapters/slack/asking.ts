import type { webApi } from '@slack/bolt';
import { completedLine, wholeLine } from '../../chat/ask.ts';
import type { Commands } from '../../chat/command.ts';
import type { Log } from '../../chat/log.ts';
import { code, text } from '../../chat/message.ts';
import { type Reply, refuse } from '../../chat/reply.ts';
import type { Ask, Caller } from '../../chat/subcommand.ts';
import type { Wait } from '../../chat/waiting.ts';
import type { Chat } from '../../outbox/chat.ts';
import { cut } from './clean.ts';
import type { HomeTab } from './home-tab.ts';
import { drawModal, type Lacking, type ReadForm, type Submitted, wrongAnswers } from './modal.ts';
import type { Proxies } from './outbound.ts';

/** Opens a modal for an incomplete line, and completes the line with the answers. Does I/O. */

/** A line that somebody typed or clicked. */
export interface Incoming extends Pick<Lacking, 'line' | 'asked' | 'responseUrl'> {
  readonly caller: Person;
  /** What the first field of its form starts with; absent = what the ask says. */
  readonly initial?: string;
  /** Opens one modal; valid for three seconds. */
  readonly triggerId: string;
}

export type Person = Extract<Caller, { kind: 'person' }>;

/** What the listeners work with. */
export interface SlackParts extends Pick<Commands, 'read' | 'refusal'> {
  readonly client: webApi.WebClient;
  /** null = Slack's own. */
  readonly apiUrl: string | null;
  /** Absent or null = none. */
  readonly proxies?: Proxies | null;
  readonly now: () => Date;
  readonly wait: Wait;
  readonly tab: HomeTab;
  /** Resolves when what has arrived from Slack is acknowledged. */
  readonly turn: () => Promise<void>;
  readonly chat: Chat;
  /**
   * Whether no process that shares the state has begun this within the last `minutes`. Rejects if
   * the state does not answer.
   */
  readonly isFirst: (what: string, minutes: number) => Promise<boolean>;
  readonly log: Log;
}

export type Taken =
  | { readonly kind: 'complete'; readonly line: string; readonly caller: Person }
  /** What is wrong, by block_id. */
  | { readonly kind: 'wrong'; readonly errors: Readonly<Record<string, string>> };

/** Characters of a line that people are asked to type; longer ones are awkward in Slack. */
export const SHOWN_LINE = 1000;

/** null = the modal is open; otherwise the reply to send instead. */
export async function openModal(
  { line, caller, asked, responseUrl, triggerId }: Incoming,
  asks: readonly Ask[],
  form: ReadForm,
  { client, now, log }: SlackParts,
): Promise<Reply | null> {
  const { user, channel, thread, isClick = false, shownAt } = caller;
  const heardAtMs = now().getTime();
  const shown = shownAt === undefined ? {} : { shownAtMs: shownAt.getTime() };
  const place = { user, channel, thread, isClick, ...shown, asked, responseUrl };
  const view = drawModal({ line, heardAtMs, ...place }, asks, form);
  if (view === null) {
    const problem = `This line of ${line.length} characters is too long for a form.`;
    return refuse(`${problem} Shorten it, or type the missing parts too.`);
  }
  try {
    await client.views.open({ trigger_id: triggerId, view });
    return null;
  } catch (error) {
    log.warn('Slack did not open a form', { error });
    const problem = 'Slack did not open the form for the missing parts.';
    const example = code(`/hostcache ${cut(wholeLine(line, asks), SHOWN_LINE)}`);
    return refuse(text(`${problem} Type everything in one line: `, example), 3);
  }
}

/** Completes the line, which runs with the permissions of the person who submits. */
export function takeAnswers(
  { lacking, answers }: Submitted,
  submitter: string,
  read: Commands['read'],
): Taken {
  const { line, channel, thread, shownAtMs } = lacking;
  const typist: Person = { kind: 'person', user: submitter, channel, thread };
  const shown = shownAtMs === undefined ? {} : { shownAt: new Date(shownAtMs) };
  const clicker: Person = lacking.isClick ? { ...typist, isClick: true, ...shown } : typist;
  const { asks } = read(line, clicker);
  const errors = wrongAnswers(asks, answers);
  if (Object.keys(errors).length > 0) return { kind: 'wrong', errors };
  // Our forms always ask for something. The line of any other form counts as typed, not as clicked.
  const caller = asks.length > 0 ? clicker : typist;
  return { kind: 'complete', line: completedLine(line, asks, answers), caller };
}
