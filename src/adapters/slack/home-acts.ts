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

/** What people do in App Home, heard: it has no channel, so answers go to the person's own messages. */

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
  /** The answer is the page itself. */
  readonly replaces: boolean;
  readonly triggerId: string;
}

/** A modal can be opened for three seconds. */
export const GUARD_MS = 1500;

const NOTICE_LIMIT = 400;
const LINE_LIMIT = 100;

/** Times that a message is sent where Slack has surely not taken it. */
const TRIES = 3;

/** Slack's pauses are obeyed up to so long; after that the page says that the answer was not sent. */
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

/** App Home was opened: drawn anew each time; the Messages tab is opened by the same event. */
export async function hearOpened(event: unknown, { tab }: Pick<HomeEars, 'tab'>): Promise<void> {
  const opened = openedRule.safeParse(event);
  if (!opened.success) return;
  const { user, view } = opened.data;
  await tab.publish(user, view === undefined ? {} : { hash: view.hash });
}

/** null: no click in App Home. */
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

/** Never rejects. */
export async function hearAtHome(click: HomeClick, ears: HomeEars): Promise<void> {
  const { user, line, triggerId } = click;
  const caller = { ...callerAtHome(user), occasion: triggerId };
  const { asks, run } = ears.read(line, caller);
  if (asks.length === 0) return await answerAtHome(run(), click, ears);
  // Whoever submits is asked again; a Slack that is slow to say who asks must not cost the form.
  const guarded = await within(ears.refusal(caller), GUARD_MS, () => null, ears.wait);
  const heard = { line, caller, asked: { from: 'home', thread: null } as const, triggerId };
  const refusal = guarded ?? (await openModal({ ...heard, responseUrl: null }, asks, ears));
  if (refusal !== null) await answerAtHome(Promise.resolve(refusal), click, ears);
}

/** The answer to the person, and the page anew with what came of it. Never rejects. */
export async function answerAtHome(
  reply: Promise<Reply>,
  { user, line, replaces }: Omit<HomeClick, 'triggerId'>,
  ears: HomeEars,
): Promise<void> {
  if (await isLate(reply, PATIENCE_MS, ears.wait)) {
    await ears.tab.publish(user, { notice: text('Looking… ', bold(cut(line, LINE_LIMIT))) });
  }
  const { messages } = await reply;
  const fault = replaces ? null : await sayTo(user, messages, ears);
  const where = replaces ? '' : ' The whole answer is in Messages.';
  const notice = noticeOf(line, messages, fault ?? where);
  await ears.tab.publish(user, { notice });
}

function noticeOf(line: string, messages: readonly Message[], after: string): Spans {
  const says = messages.map(({ headline }) => headline).join(' ');
  return text(bold(`${cut(line, LINE_LIMIT)}: `), `${cut(says, NOTICE_LIMIT)}${after}`);
}

/** null: all was sent; else why not, as the end of a notice. */
async function sayTo(
  user: string,
  messages: readonly Message[],
  ears: HomeEars,
): Promise<string | null> {
  for (const message of packed(messages)) {
    const delivery = await send(user, privately(message), ears);
    if (delivery.kind === 'sent') continue;
    ears.log.error('an answer to App Home was not sent', { user, delivery });
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

/** null: the same again would not help, or might say it twice. */
function pauseAfter(delivery: Delivery): number | null {
  if (delivery.kind !== 'retry' || delivery.mayBeSent) return null;
  const { afterMs } = delivery;
  if (afterMs === null) return 1000;
  return afterMs <= LONGEST_PAUSE_MS ? afterMs : null;
}

/** Nobody else reads it there: a button that posts it for all has no place. */
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
