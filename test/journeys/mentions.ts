import type { Message } from '../../sandbox/slack/message.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import type { startAsking } from './asking-bot.ts';

/** What people see after a mention of the bot. */

export const BOT = '<@U0HOSTCACHE>';

type On = Awaited<ReturnType<typeof startAsking>>;

/** The messages of the app in the thread of this root. */
export function answersIn(on: On, root: string): readonly Message[] {
  return on.peer.workspace.thread(on.ops, root).filter(({ byApp }) => byApp);
}

export async function answerIn(on: On, root: string): Promise<Message> {
  return await on.peer.workspace.until(() => answersIn(on, root)[0]);
}

export function privateFor(on: On, user: string, thread: string | null): readonly string[] {
  const seen = on.peer.workspace.sees(user, on.ops, thread);
  return seen.filter(({ kind }) => kind === 'ephemeral').map(plainText);
}

/** Any effect of what came before is there when this returns. */
export async function settled(on: On): Promise<void> {
  const last = on.peer.say(on.alice, on.ops, `${BOT} help`);
  await answerIn(on, last.ts);
}
