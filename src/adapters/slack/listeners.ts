import type { App, RespondFn, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { callerAtHome } from '../../chat/home.ts';
import type { Reply } from '../../chat/reply.ts';
import type { Ask } from '../../chat/subcommand.ts';
import { within } from '../../chat/waiting.ts';
import { type Incoming, openModal, type SlackParts, takeAnswers } from './asking.ts';
import { REPLACES } from './buttons.ts';
import { answerAtHome } from './home-acts.ts';
import {
  type ButtonClick,
  buttonRule,
  clickRule,
  commandRule,
  fromClick,
  fromCommand,
  fromShortcut,
  handlesOf,
  type PressedButton,
  shortcutRule,
} from './incoming.ts';
import { createMentions } from './mention.ts';
import { readModal } from './modal.ts';
import { createRespond } from './respond.ts';
import { sendFiles } from './send-files.ts';
import { sendReply } from './send-reply.ts';

/** Handles what people do in Slack: acknowledges, then answers or opens a modal. Does I/O. */

/** The slash command in manifest.yml. */
export const COMMAND = '/hostcache';

/** The callback id of the message shortcut in manifest.yml. */
export const SHORTCUT = 'explain_mysql_error';

/** The event in manifest.yml; sent when App Home is opened. */
export const OPENED = 'app_home_opened';

/** The event in manifest.yml; sent when a message mentions the bot. */
export const MENTIONED = 'app_mention';

/** A modal can be opened for three seconds, so the check of permissions gets half of that. */
export const GUARD_MS = 1500;

const openedRule = z.object({
  user: z.string(),
  tab: z.literal('home'),
  view: z.object({ hash: z.string() }).optional(),
});

export function listen(app: App, parts: SlackParts): void {
  const { log } = parts;
  app.command(COMMAND, async ({ ack, command, respond }) => {
    await acknowledge(ack, log);
    await parts.turn();
    await handle(fromCommand(commandRule.parse(command)), respond, parts);
  });

  // Every click is acknowledged, including those on links and on buttons of older versions,
  // because Slack shows a warning otherwise.
  app.action(/.*/, async ({ ack, action, body, respond }) => {
    await acknowledge(ack, log);
    await parts.turn();
    const button = buttonRule.safeParse(action);
    const click = clickRule.safeParse(body);
    if (!button.success || !click.success) return;
    if (click.data.view?.type === 'home') await handleAtHome(button.data, click.data, parts);
    else await handle(fromClick(button.data, click.data), respond, parts);
  });

  // Draws App Home each time it is opened. Slack sends the same event for the Messages tab. Events
  // are acknowledged before their listeners run.
  app.event(OPENED, async ({ event }) => {
    const opened = openedRule.safeParse(event);
    if (opened.success) await parts.tab.publish(opened.data.user, opened.data.view ?? {});
  });

  const hearMention = createMentions(parts);
  app.event(MENTIONED, async ({ event, context }) => {
    await hearMention(event, context.botUserId);
  });

  app.shortcut(SHORTCUT, async ({ ack, shortcut, respond }) => {
    await acknowledge(ack, log);
    await parts.turn();
    const used = shortcutRule.safeParse(shortcut);
    if (!used.success) return;
    await handle(fromShortcut(used.data, parts), respond, withPrivateAnswers(parts));
  });

  app.view<ViewSubmitAction>(/.*/, (submission) => handleForm(submission, parts));
}

/** Makes each answer private: a `publicly` in the message is not from the person who asks. */
function withPrivateAnswers(parts: SlackParts): SlackParts {
  const read: SlackParts['read'] = (line, caller) => {
    const command = parts.read(line, caller);
    return { ...command, run: async () => ({ ...(await command.run()), isPublic: false }) };
  };
  return { ...parts, read };
}

async function handle(incoming: Incoming, respond: RespondFn, parts: SlackParts): Promise<void> {
  const { asked, caller } = incoming;
  await answer(incoming, parts, async (reply) => {
    await sendReply(reply, asked, { ...parts, respond });
    // "Check again" renews the message; its file was sent before.
    if (asked.from !== 'replacing') await sendFiles(reply, caller, parts);
  });
}

async function handleAtHome(
  { action_id, value: line }: PressedButton,
  click: ButtonClick,
  parts: SlackParts,
): Promise<void> {
  const user = click.user.id;
  const caller = { ...callerAtHome(user), occasion: click.trigger_id };
  const asked = { from: 'home', thread: null } as const;
  const replaces = action_id.startsWith(REPLACES);
  await answer({ line, caller, asked, ...handlesOf(click) }, parts, (reply) =>
    answerAtHome(reply, { user, line, replaces }, parts),
  );
}

/** Runs a complete line. For an incomplete one, opens a modal, or sends why there is none. */
async function answer(
  incoming: Incoming,
  parts: SlackParts,
  send: (reply: Promise<Reply>) => Promise<void>,
): Promise<void> {
  const { line, caller, initial } = incoming;
  const { asks, form: formOf, refusal, run } = parts.read(line, caller);
  if (asks.length === 0) return await send(run());
  // The line is checked again on submit, so a slow check must not keep the form from opening.
  const form = formOf();
  const [refused, blocks] = await Promise.all([
    within(refusal(), GUARD_MS, () => null, parts.wait),
    within(form.blocks(), GUARD_MS, () => [], parts.wait),
  ]);
  const started = startingWith(initial, asks);
  const reply = refused ?? (await openModal(incoming, started, { ...form, blocks }, parts));
  if (reply !== null) await send(Promise.resolve(reply));
}

/** The form's first field starts with this text. */
function startingWith(initial: string | undefined, asks: readonly Ask[]): readonly Ask[] {
  const [first, ...others] = asks;
  return first === undefined || !initial ? asks : [{ ...first, initial }, ...others];
}

/** Shows in the modal what is wrong with each field, or closes the modal and runs the line. */
async function handleForm(
  { ack, body, view }: SlackViewMiddlewareArgs<ViewSubmitAction>,
  parts: SlackParts,
): Promise<void> {
  const { read, log } = parts;
  const user = body.user.id;
  const submitted = readModal(view);
  if (submitted === null) {
    log.warn('a submitted form is not one of ours');
    return await acknowledge(ack, log);
  }
  const { lacking } = submitted;
  const taken = takeAnswers(submitted, user, read);
  if (taken.kind === 'wrong') {
    const { errors } = taken;
    return await acknowledge(() => ack({ response_action: 'errors', errors }), log);
  }
  await acknowledge(ack, log);
  const { line } = taken;
  // A form is submitted once, so its view is the occasion.
  const caller = { ...taken.caller, occasion: view.id };
  if (lacking.asked.from === 'home') {
    const reply = read(line, { ...caller, channel: user }).run();
    return await answerAtHome(reply, { user, line, replaces: false }, parts);
  }
  const respond = createRespond(lacking, user, parts);
  const reply = read(line, caller).run();
  await sendReply(reply, lacking.asked, { ...parts, respond });
  await sendFiles(reply, caller, parts);
}

/** Never rejects: if the socket closes, only the acknowledgement is lost and the answer arrives. */
async function acknowledge(ack: () => Promise<void>, log: SlackParts['log']): Promise<void> {
  try {
    await ack();
  } catch (error) {
    log.warn('Slack did not receive the acknowledgement', { error });
  }
}
