import type { App, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { within } from '../../chat/waiting.ts';
import { type Heard, openModal, type Person, takeAnswers } from './asking.ts';
import { REPLACES } from './blocks.ts';
import {
  answerAtHome,
  GUARD_MS,
  type HomeEars,
  hearAtHome,
  hearOpened,
  readHomeClick,
} from './home-acts.ts';
import { readModal } from './modal.ts';
import { asPasted, asTyped } from './pasted.ts';
import { createRespond, type Ways } from './respond.ts';
import { sendReply } from './send-reply.ts';

/** Handles what people do in Slack: acknowledges, then answers or opens a modal. Does I/O. */

/** The slash command in manifest.yml. */
export const COMMAND = '/hostcache';

/** The callback id of the message shortcut in manifest.yml. */
export const SHORTCUT = 'explain_mysql_error';

/** The event in manifest.yml; sent when App Home is opened. */
export const OPENED = 'app_home_opened';

export interface Ears extends HomeEars, Ways {}

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
});

const attachmentRule = z.object({
  pretext: z.string().nullish(),
  text: z.string().nullish(),
  fallback: z.string().nullish(),
});

const shortcutRule = z.object({
  ...handles,
  user: z.object({ id: z.string() }),
  channel: z.object({ id: z.string() }),
  message: z.object({
    ts: z.string(),
    thread_ts: z.string().optional(),
    text: z.string().default(''),
    attachments: z.array(attachmentRule).optional().catch(undefined),
  }),
});

const buttonRule = z.object({ action_id: z.string(), value: z.string() });

export function listen(app: App, ears: Ears): void {
  const { log } = ears;
  app.command(COMMAND, async ({ ack, command, respond }) => {
    const acknowledged = acknowledge(ack, log);
    await handle({ ...fromCommand(commandRule.parse(command)), respond }, ears);
    await acknowledged;
  });

  // Every click is acknowledged, including those on links and on buttons of older versions,
  // because Slack shows a warning otherwise.
  app.action(/.*/, async ({ ack, action, body, respond }) => {
    await acknowledge(ack, log);
    const button = buttonRule.safeParse(action);
    const atHome = button.success ? readHomeClick(body, button.data) : null;
    if (atHome !== null) return await hearAtHome(atHome, ears);
    const click = clickRule.safeParse(body);
    if (button.success && click.success) {
      await handle({ ...fromClick(button.data, click.data), respond }, ears);
    }
  });

  // Events are acknowledged before their listeners run.
  app.event(OPENED, async ({ event }) => {
    await hearOpened(event, ears);
  });

  app.shortcut(SHORTCUT, async ({ ack, shortcut, respond }) => {
    await acknowledge(ack, log);
    const used = shortcutRule.safeParse(shortcut);
    if (used.success)
      await handle({ ...fromShortcut(used.data), respond }, withPrivateAnswers(ears));
  });

  app.view<ViewSubmitAction>(/.*/, async ({ ack, body, view }) => {
    await handleAnswers(view, body.user.id, { ...ears, ack, occasion: view.id });
  });
}

type Unanswerable = Omit<Heard, 'respond'>;

function fromCommand({
  text,
  user_id,
  channel_id,
  trigger_id,
  response_url,
}: z.output<typeof commandRule>): Unanswerable {
  return {
    line: asTyped(text),
    caller: {
      kind: 'person',
      user: user_id,
      channel: channel_id,
      thread: null,
      occasion: trigger_id,
    },
    asked: { from: 'command', thread: null },
    triggerId: trigger_id,
    responseUrl: response_url ?? null,
  };
}

/** Treats the message like a pasted error message. */
function fromShortcut({
  user,
  channel,
  message,
  trigger_id,
  response_url,
}: z.output<typeof shortcutRule>): Unanswerable {
  const thread = message.thread_ts ?? null;
  return {
    line: `why ${asPasted(message)}`,
    caller: { kind: 'person', user: user.id, channel: channel.id, thread },
    asked: { from: 'click', thread },
    triggerId: trigger_id,
    responseUrl: response_url ?? null,
  };
}

/** Makes each answer private: a `publicly` in the message is not from the person who asks. */
function withPrivateAnswers(ears: Ears): Ears {
  const read: Ears['read'] = (line, caller) => {
    const { asks, run } = ears.read(line, caller);
    return { asks, run: async () => ({ ...(await run()), isPublic: false }) };
  };
  return { ...ears, read };
}

function fromClick(
  { action_id, value }: z.output<typeof buttonRule>,
  { user, channel, container, message, trigger_id, response_url }: z.output<typeof clickRule>,
): Unanswerable {
  const isEphemeral = container.is_ephemeral === true;
  // Answers to App Home are in the person's direct messages, which nobody else reads.
  const isPrivate = isEphemeral || channel?.id.startsWith('D') === true;
  const shownAt = new Date(Number(container.message_ts) * 1000);
  const inThread = container.thread_ts ?? message?.thread_ts ?? null;
  const caller: Person = {
    kind: 'person',
    user: user.id,
    channel: channel?.id ?? '',
    // The answer to a click on a public message goes to that message's thread.
    thread: isPrivate ? inThread : (inThread ?? message?.ts ?? container.message_ts ?? null),
    isClick: true,
    ...(isPrivate && !Number.isNaN(shownAt.getTime()) && { shownAt }),
    occasion: trigger_id,
  };
  const from = isEphemeral && action_id.startsWith(REPLACES) ? 'replacing' : 'click';
  return {
    line: value,
    caller,
    asked: { from, thread: inThread },
    triggerId: trigger_id,
    responseUrl: response_url ?? null,
  };
}

async function handle(request: Heard, ears: Ears): Promise<void> {
  const { line, caller, asked, respond } = request;
  const { asks, run } = ears.read(line, caller);
  if (asks.length === 0) return await sendReply(run(), asked, { ...ears, respond });
  // Permissions are checked again on submit, so a slow check must not keep the form from opening.
  const guarded = await within(ears.refusal(caller), GUARD_MS, () => null, ears.wait);
  const refusal = guarded ?? (await openModal(request, asks, ears));
  if (refusal !== null) await sendReply(Promise.resolve(refusal), asked, { ...ears, respond });
}

interface Submission extends Ears {
  readonly ack: (response?: ViewResponseAction) => Promise<void>;
  /** The view's id, because a form is submitted once. */
  readonly occasion: string;
}

/** Shows in the modal what is wrong with each field, or closes the modal and runs the line. */
async function handleAnswers(
  view: unknown,
  submitter: string,
  { ack, occasion, ...ears }: Submission,
): Promise<void> {
  const submitted = readModal(view);
  if (submitted === null) {
    ears.log.warn('a submitted form is not one of ours');
    await acknowledge(ack, ears.log);
    return;
  }
  const result = takeAnswers(submitted, submitter, ears.read);
  if (result.kind === 'wrong') {
    const { errors } = result;
    await acknowledge(() => ack({ response_action: 'errors', errors }), ears.log);
    return;
  }
  await acknowledge(ack, ears.log);
  const { lacking } = submitted;
  if (lacking.asked.from === 'home') {
    const caller = { ...result.caller, channel: submitter, occasion };
    const asked = { user: submitter, line: result.line, replaces: false };
    return await answerAtHome(ears.read(result.line, caller).run(), asked, ears);
  }
  const respond = createRespond(lacking, submitter, ears);
  const { run } = ears.read(result.line, { ...result.caller, occasion });
  await sendReply(run(), lacking.asked, { ...ears, respond });
}

/** Never rejects: if the socket closes, only the acknowledgement is lost and the answer arrives. */
async function acknowledge(ack: () => Promise<void>, log: Ears['log']): Promise<void> {
  try {
    await ack();
  } catch (error) {
    log.warn('Slack did not receive the acknowledgement', { error });
  }
}
