import type { App, RespondFn, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { callerAtHome } from '../../chat/home.ts';
import type { Reply } from '../../chat/reply.ts';
import type { Ask } from '../../chat/subcommand.ts';
import { within } from '../../chat/waiting.ts';
import { type Incoming, openModal, type Person, type SlackParts, takeAnswers } from './asking.ts';
import { REPLACES } from './blocks.ts';
import { answerAtHome } from './home-acts.ts';
import { readModal } from './modal.ts';
import { asTyped } from './pasted.ts';
import { postedRule, postedText } from './posted.ts';
import { createRespond } from './respond.ts';
import { sendReply } from './send-reply.ts';

/** Handles what people do in Slack: acknowledges, then answers or opens a modal. Does I/O. */

/** The slash command in manifest.yml. */
export const COMMAND = '/hostcache';

/** The callback id of the message shortcut in manifest.yml. */
export const SHORTCUT = 'explain_mysql_error';

/** The event in manifest.yml; sent when App Home is opened. */
export const OPENED = 'app_home_opened';

/** A modal can be opened for three seconds, so the check of permissions gets half of that. */
export const GUARD_MS = 1500;

const handles = { trigger_id: z.string(), response_url: z.string().optional() };

const commandRule = z.object({
  ...handles,
  text: z.string(),
  user_id: z.string(),
  channel_id: z.string(),
});

const clickRule = z.object({
  ...handles,
  user: z.object({ id: z.string() }),
  channel: z.object({ id: z.string() }).optional(),
  container: z.object({
    is_ephemeral: z.boolean().optional(),
    message_ts: z.string().optional(),
    thread_ts: z.string().optional(),
  }),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  view: z.object({ type: z.string() }).optional(),
});

const shortcutRule = z.object({
  ...handles,
  user: z.object({ id: z.string() }),
  channel: z.object({ id: z.string() }),
  message: postedRule.extend({ thread_ts: z.string().optional() }),
});

const openedRule = z.object({
  user: z.string(),
  tab: z.literal('home'),
  view: z.object({ hash: z.string() }).optional(),
});

const buttonRule = z.object({ action_id: z.string(), value: z.string() });

export function listen(app: App, parts: SlackParts): void {
  const { log } = parts;
  app.command(COMMAND, async ({ ack, command, respond }) => {
    const acknowledged = acknowledge(ack, log);
    await handle(fromCommand(commandRule.parse(command)), respond, parts);
    await acknowledged;
  });

  // Every click is acknowledged, including those on links and on buttons of older versions,
  // because Slack shows a warning otherwise.
  app.action(/.*/, async ({ ack, action, body, respond }) => {
    await acknowledge(ack, log);
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

  app.shortcut(SHORTCUT, async ({ ack, shortcut, respond }) => {
    await acknowledge(ack, log);
    const used = shortcutRule.safeParse(shortcut);
    if (!used.success) return;
    await handle(fromShortcut(used.data, parts), respond, withPrivateAnswers(parts));
  });

  app.view<ViewSubmitAction>(/.*/, (submission) => handleForm(submission, parts));
}

function fromCommand(command: z.output<typeof commandRule>): Incoming {
  const { text, user_id: user, channel_id: channel, trigger_id: occasion } = command;
  return {
    line: asTyped(text),
    caller: { kind: 'person', user, channel, thread: null, occasion },
    asked: { from: 'command', thread: null },
    ...handlesOf(command),
  };
}

/** Treats the message like a pasted error message; one that says nothing of an error starts a form. */
function fromShortcut(
  shortcut: z.output<typeof shortcutRule>,
  { read }: Pick<SlackParts, 'read'>,
): Incoming {
  const { user, channel, message } = shortcut;
  const thread = message.thread_ts ?? null;
  const caller: Person = { kind: 'person', user: user.id, channel: channel.id, thread };
  const pasted = postedText(message);
  const line = `why ${pasted}`;
  return {
    ...(read(line, caller).isUnderstood() ? { line } : { line: 'why', initial: pasted }),
    caller,
    asked: { from: 'click', thread },
    ...handlesOf(shortcut),
  };
}

type ButtonClick = z.output<typeof clickRule>;

function fromClick(
  { action_id, value }: z.output<typeof buttonRule>,
  click: ButtonClick,
): Incoming {
  const { user, channel, container, message, trigger_id: occasion } = click;
  const isEphemeral = container.is_ephemeral === true;
  // Answers to App Home are in the person's direct messages, which nobody else reads.
  const isPrivate = isEphemeral || channel?.id.startsWith('D') === true;
  const shownAt = new Date(Number(container.message_ts) * 1000);
  const inThread = container.thread_ts ?? message?.thread_ts ?? null;
  const caller: Person = {
    kind: 'person',
    user: user.id,
    channel: channel?.id ?? '',
    // A flush that is requested on a public message goes to that message's thread.
    thread: isPrivate ? inThread : (inThread ?? message?.ts ?? container.message_ts ?? null),
    isClick: true,
    ...(isPrivate && !Number.isNaN(shownAt.getTime()) && { shownAt }),
    occasion,
  };
  const from = isEphemeral && action_id.startsWith(REPLACES) ? 'replacing' : 'click';
  return { line: value, caller, asked: { from, thread: inThread }, ...handlesOf(click) };
}

function handlesOf({ trigger_id, response_url }: z.output<z.ZodObject<typeof handles>>) {
  return { triggerId: trigger_id, responseUrl: response_url ?? null };
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
  await answer(incoming, parts, (reply) => sendReply(reply, incoming.asked, { ...parts, respond }));
}

async function handleAtHome(
  { action_id, value: line }: z.output<typeof buttonRule>,
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
  const { asks, refusal, run } = parts.read(line, caller);
  if (asks.length === 0) return await send(run());
  // The line is checked again on submit, so a slow check must not keep the form from opening.
  const refused = await within(refusal(), GUARD_MS, () => null, parts.wait);
  const reply = refused ?? (await openModal(incoming, startingWith(initial, asks), parts));
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
  await sendReply(read(line, caller).run(), lacking.asked, { ...parts, respond });
}

/** Never rejects: if the socket closes, only the acknowledgement is lost and the answer arrives. */
async function acknowledge(ack: () => Promise<void>, log: SlackParts['log']): Promise<void> {
  try {
    await ack();
  } catch (error) {
    log.warn('Slack did not receive the acknowledgement', { error });
  }
}
