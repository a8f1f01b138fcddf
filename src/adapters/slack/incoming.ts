import { z } from 'zod';
import type { Incoming, Person, SlackParts } from './asking.ts';
import { REPLACES } from './buttons.ts';
import { asTyped } from './pasted.ts';
import { postedRule, postedText } from './posted.ts';

/** Reads what Slack sends for a command, a click and a shortcut: the line, its author and place. */

const handles = { trigger_id: z.string(), response_url: z.string().optional() };

export const commandRule = z.object({
  ...handles,
  text: z.string(),
  user_id: z.string(),
  channel_id: z.string(),
});

export const clickRule = z.object({
  ...handles,
  // Bolt takes any payload with actions for a click, also of kinds that none of our messages has.
  type: z.literal('block_actions'),
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

export const shortcutRule = z.object({
  ...handles,
  user: z.object({ id: z.string() }),
  channel: z.object({ id: z.string() }),
  message: postedRule.extend({ ts: z.string(), thread_ts: z.string().optional() }),
});

/** A button, or the option that was chosen in a menu of buttons. */
export const buttonRule = z
  .object({
    action_id: z.string(),
    value: z.string().optional(),
    selected_option: z.object({ value: z.string() }).optional(),
  })
  .transform(({ action_id, value, selected_option }) => ({
    action_id,
    value: value ?? selected_option?.value,
  }))
  .pipe(z.object({ action_id: z.string(), value: z.string() }));

export type ButtonClick = z.output<typeof clickRule>;

export type PressedButton = z.output<typeof buttonRule>;

interface Place {
  readonly ts?: string | undefined;
  readonly thread_ts?: string | undefined;
}

/**
 * The thread that a message is in; null = it is in the channel itself. A root that has replies has
 * its own ts as `thread_ts`, and people read it in the channel.
 */
export function threadOf({ ts, thread_ts }: Place): string | null {
  return thread_ts === undefined || thread_ts === ts ? null : thread_ts;
}

export function fromCommand(command: z.output<typeof commandRule>): Incoming {
  const { text, user_id: user, channel_id: channel, trigger_id: occasion } = command;
  return {
    line: asTyped(text),
    caller: { kind: 'person', user, channel, thread: null, occasion },
    asked: { from: 'command', thread: null },
    ...handlesOf(command),
  };
}

/** Treats the message like a pasted error message; one that says nothing of an error starts a form. */
export function fromShortcut(
  shortcut: z.output<typeof shortcutRule>,
  { read }: Pick<SlackParts, 'read'>,
): Incoming {
  const { user, channel, message } = shortcut;
  const thread = threadOf(message);
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

export function fromClick({ action_id, value }: PressedButton, click: ButtonClick): Incoming {
  const { user, channel, container, message, trigger_id: occasion } = click;
  const isEphemeral = container.is_ephemeral === true;
  // Answers to App Home are in the person's direct messages, which nobody else reads.
  const isPrivate = isEphemeral || channel?.id.startsWith('D') === true;
  const shownAt = new Date(Number(container.message_ts) * 1000);
  const { message_ts: ts, thread_ts } = container;
  const inThread = threadOf({ ts, thread_ts }) ?? threadOf(message ?? {});
  const caller: Person = {
    kind: 'person',
    user: user.id,
    channel: channel?.id ?? '',
    // A flush that is requested on a public message goes to that message's thread.
    thread: isPrivate ? inThread : (inThread ?? message?.ts ?? ts ?? null),
    isClick: true,
    ...(isPrivate && !Number.isNaN(shownAt.getTime()) && { shownAt }),
    occasion,
  };
  const from = isEphemeral && action_id.startsWith(REPLACES) ? 'replacing' : 'click';
  return { line: value, caller, asked: { from, thread: inThread }, ...handlesOf(click) };
}

export function handlesOf({ trigger_id, response_url }: z.output<z.ZodObject<typeof handles>>) {
  return { triggerId: trigger_id, responseUrl: response_url ?? null };
}
