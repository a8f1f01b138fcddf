import type { App, RespondFn } from '@slack/bolt';
import { z } from 'zod';
import type { Caller } from '../../chat/caller.ts';
import type { Commands } from '../../chat/command.ts';
import type { Log } from '../../chat/log.ts';
import { REPLACES } from './blocks.ts';
import { deliver } from './delivery.ts';
import { asTyped } from './pasted.ts';

/** What people do in Slack, heard: acknowledged at once, then answered. */

/** As the manifest declares it. */
export const COMMAND = '/hostcache';

export interface Ears {
  readonly answer: Commands['run'];
  readonly log: Log;
  readonly wait: (ms: number) => Promise<void>;
}

const commandRule = z.object({ text: z.string(), user_id: z.string(), channel_id: z.string() });

const clickRule = z.object({
  user: z.object({ id: z.string() }),
  channel: z.object({ id: z.string() }).optional(),
  container: z.object({
    is_ephemeral: z.boolean().optional(),
    message_ts: z.string().optional(),
    thread_ts: z.string().optional(),
  }),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
});

const buttonRule = z.object({ action_id: z.string(), value: z.string() });

export function listen(app: App, ears: Ears): void {
  const { answer, log, wait } = ears;
  app.command(COMMAND, async ({ ack, command, respond }) => {
    const acknowledged = acknowledge(ack, log);
    const { text, user_id, channel_id } = commandRule.parse(command);
    const caller: Caller = { kind: 'person', user: user_id, channel: channel_id, thread: null };
    const reply = answer(asTyped(text), caller);
    await acknowledged;
    await deliver(reply, { from: 'command', thread: null }, { respond, log, wait });
  });

  // Every click is heard, that of a link and of a button from an older version too: Slack shows a
  // warning beside whatever is not acknowledged.
  app.action(/.*/, async ({ ack, action, body, respond }) => {
    await acknowledge(ack, log);
    const button = buttonRule.safeParse(action);
    const click = clickRule.safeParse(body);
    if (button.success && click.success) {
      await answerClick(button.data, click.data, respond, ears);
    }
  });
}

async function answerClick(
  { action_id, value }: z.output<typeof buttonRule>,
  click: z.output<typeof clickRule>,
  respond: RespondFn,
  { answer, log, wait }: Ears,
): Promise<void> {
  const { container, message } = click;
  const isPrivate = container.is_ephemeral === true;
  const inThread = container.thread_ts ?? message?.thread_ts ?? null;
  const caller: Caller = {
    kind: 'person',
    user: click.user.id,
    channel: click.channel?.id ?? '',
    // What a click on a public message asks for belongs in that message's thread.
    thread: isPrivate ? inThread : (inThread ?? message?.ts ?? container.message_ts ?? null),
  };
  const from = isPrivate && action_id.startsWith(REPLACES) ? 'replacing' : 'click';
  await deliver(answer(value, caller), { from, thread: inThread }, { respond, log, wait });
}

/** Never rejects: a socket that closes under us has lost the tick, and the answer still arrives. */
async function acknowledge(ack: () => Promise<void>, log: Log): Promise<void> {
  try {
    await ack();
  } catch (error) {
    log.warn('Slack did not take the acknowledgement', { error });
  }
}
