import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Commands } from '../../chat/command.ts';
import { callerAtHome } from '../../chat/home.ts';
import { type Block, bold, type Message, type Spans, text } from '../../chat/message.ts';
import type { Reply } from '../../chat/reply.ts';
import { isLate, type Wait, within } from '../../chat/waiting.ts';
import type { Chat, Delivery } from '../../outbox/chat.ts';
import { type AskingParts, openModal } from './asking.ts';
import { REPLACES } from './blocks.ts';
import { cut } from './clean.ts';
import type { HomeTab } from './home-tab.ts';
import { PATIENCE_MS, packed } from './send-reply.ts';

/** Handles App Home. It has no channel, so answers go to the person's direct messages. Does I/O. */

export interface HomeEars extends AskingParts {
  readonly read: Commands['read'];
  readonly refusal: Commands['refusal'];
  readonly wait: Wait;
  readonly tab: HomeTab;
  readonly chat: Chat;
}

export interface HomeClick {
  readonly user: string;
  readonly line: string;
  /** The new page is the answer; no message is sent. */
  readonly replaces: boolean;
  readonly triggerId: string;
}

/** A modal can be opened for three seconds, so the check of permissions gets half of that. */
export const GUARD_MS = 1500;

const NOTICE_LIMIT = 400;
const LINE_LIMIT = 100;

/** How often a message is sent, if Slack has certainly not posted it. */
const TRIES = 3;

/** The longest rate limit to wait out. For a longer one, the page says that sending failed. */
const LONGEST_PAUSE_MS = 10_000;

const openedRule = z.object({
  user: z.string(),
  tab: z.literal('home'),
  view: z.object({ hash: z.string() }).optional(),
});

const clickRule = z.object({
  trigger_id: z.string(),
  user: z.object({ id: z.string() }),
  container: z.object({ type: z.literal('view') }),
  view: z.object({ type: z.literal('home') }),
});

/** Draws App Home each time it is opened. The same event for the Messages tab is ignored. */
export async function hearOpened(event: unknown, { tab }: Pick<HomeEars, 'tab'>): Promise<void> {
  const opened = openedRule.safeParse(event);
  if (!opened.success) return;
  const { user, view } = opened.data;
  await tab.publish(user, view === undefined ? {} : { hash: view.hash });
}

/** null = not a click in App Home. */
export function readHomeClick(
  body: unknown,
  button: { readonly action_id: string; readonly value: string },
): HomeClick | null {
  const click = clickRule.safeParse(body);
  if (!click.success) return null;
  const { user, trigger_id } = click.data;
  const replaces = button.action_id.startsWith(REPLACES);
  return { user: user.id, line: button.value, replaces, triggerId: trigger_id };
}

/** Answers a click, or opens a modal for the missing parts. Never rejects. */
export async function hearAtHome(click: HomeClick, parts: HomeEars): Promise<void> {
  const { user, line, triggerId } = click;
  const caller = { ...callerAtHome(user), occasion: triggerId };
  const { asks, run } = parts.read(line, caller);
  if (asks.length === 0) return await answerAtHome(run(), click, parts);
  // Permissions are checked again on submit, so a slow check must not keep the form from opening.
  const guarded = await within(parts.refusal(caller), GUARD_MS, () => null, parts.wait);
  const origin = { line, caller, asked: { from: 'home', thread: null } as const, triggerId };
  const refusal = guarded ?? (await openModal({ ...origin, responseUrl: null }, asks, parts));
  if (refusal !== null) await answerAtHome(Promise.resolve(refusal), click, parts);
}

/** Sends the answer to the person, and redraws the page with a notice of it. Never rejects. */
export async function answerAtHome(
  reply: Promise<Reply>,
  { user, line, replaces }: Omit<HomeClick, 'triggerId'>,
  parts: HomeEars,
): Promise<void> {
  if (await isLate(reply, PATIENCE_MS, parts.wait)) {
    await parts.tab.publish(user, { notice: text('Looking… ', bold(cut(line, LINE_LIMIT))) });
  }
  const { messages } = await reply;
  const fault = replaces ? null : await sendAll(user, messages, parts);
  const where = replaces ? '' : ' The whole answer is in Messages.';
  const notice = noticeOf(line, messages, fault ?? where);
  await parts.tab.publish(user, { notice });
}

function noticeOf(line: string, messages: readonly Message[], after: string): Spans {
  const headlines = messages.map(({ headline }) => headline).join(' ');
  return text(bold(`${cut(line, LINE_LIMIT)}: `), `${cut(headlines, NOTICE_LIMIT)}${after}`);
}

/** null = everything was sent; otherwise the end of a notice that says it was not. */
async function sendAll(
  user: string,
  messages: readonly Message[],
  parts: HomeEars,
): Promise<string | null> {
  for (const message of packed(messages)) {
    const delivery = await send(user, privately(message), parts);
    if (delivery.kind === 'sent') continue;
    parts.log.error('an answer to App Home was not sent', { user, delivery });
    return ' The whole answer could not be sent to you.';
  }
  return null;
}

async function send(user: string, message: Message, { chat, wait }: HomeEars): Promise<Delivery> {
  const post = { channel: user, message, thread: null, isBroadcast: false };
  const key = `home/${randomUUID()}`;
  let delivery = await chat.post({ ...post, key });
  for (let tries = 1; tries < TRIES; tries += 1) {
    const pauseMs = pauseAfter(delivery);
    if (pauseMs === null) break;
    await wait(pauseMs);
    delivery = await chat.post({ ...post, key });
  }
  return delivery;
}

/** null = another try would not help, or might post the message twice. */
function pauseAfter(delivery: Delivery): number | null {
  if (delivery.kind !== 'retry' || delivery.mayBeSent) return null;
  const { afterMs } = delivery;
  if (afterMs === null) return 1000;
  return afterMs <= LONGEST_PAUSE_MS ? afterMs : null;
}

/** Removes buttons that post publicly: nobody else reads these messages. */
function privately({ headline, blocks }: Message): Message {
  return {
    headline,
    blocks: blocks.map(
      (block): Block =>
        block.kind === 'buttons'
          ? { ...block, buttons: block.buttons.filter(({ line }) => !/\spublicly$/.test(line)) }
          : block,
    ),
  };
}
