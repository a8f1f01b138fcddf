import { z } from 'zod';
import { wholeLine } from '../../chat/ask.ts';
import { mentionHelp } from '../../chat/help.ts';
import { type Block, code, type Message, paragraph, sentence } from '../../chat/message.ts';
import { answer, type Reply } from '../../chat/reply.ts';
import type { Ask } from '../../chat/subcommand.ts';
import { isLate } from '../../chat/waiting.ts';
import { type Person, SHOWN_LINE, type SlackParts } from './asking.ts';
import { cut } from './clean.ts';
import { threadOf } from './incoming.ts';
import { mentionedLine } from './mentioned-line.ts';
import { postAnswer, withoutPosting } from './post-answer.ts';
import { postedRule } from './posted.ts';
import { createWhisper } from './respond.ts';
import { sendFiles } from './send-files.ts';
import { PATIENCE_MS, packed, sendReply } from './send-reply.ts';

/** Answers "@hostcache why …", which also works in a thread, where Slack has no commands. Does I/O. */

const mentionRule = postedRule.extend({
  /** Absent in the messages of some bots. */
  user: z.string(),
  /** A message of an app. */
  bot_id: z.string().nullish(),
  channel: z.string(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  edited: z.object({}).nullish(),
});

type Mention = z.output<typeof mentionRule>;

/**
 * A message is answered once, although Slack sends it again after an edit and if an acknowledgement
 * is lost. Edits of messages older than this are ignored.
 */
export const ANSWERED_MINUTES = 24 * 60;

/** Messages that this process remembers, if the state does not answer. */
const REMEMBERED = 1000;

/** A longer line is not repeated by a button. */
const BUTTON_LINE = 1000;

/** `bot`: the bot's own user id. Never rejects. */
export type HearMention = (event: unknown, bot: string | undefined) => Promise<void>;

export function createMentions(parts: SlackParts): HearMention {
  const isFirst = createMemory(parts);
  return async (event, bot = '') => {
    const { success, data: mention } = mentionRule.safeParse(event);
    if (!success || isOfBot(mention, bot) || isOld(mention, parts)) return;
    if (!(await isFirst(`${mention.channel}/${mention.ts}`))) return;
    await answerMention(mention, bot, parts);
  };
}

/** Bots are never answered: two that answer each other would not stop. */
function isOfBot({ user, bot_id }: Mention, bot: string): boolean {
  return user === bot || (bot_id !== undefined && bot_id !== null);
}

function isOld({ ts, edited }: Mention, { now }: SlackParts): boolean {
  const ageMs = now().getTime() - Number(ts) * 1000;
  return edited !== undefined && edited !== null && ageMs > ANSWERED_MINUTES * 60_000;
}

/** Whether neither this process nor, as far as the state says, another one has heard of it. */
function createMemory({ isFirst, log }: SlackParts): (message: string) => Promise<boolean> {
  const heard = new Set<string>();
  return async (message) => {
    if (heard.has(message)) return false;
    heard.add(message);
    const [oldest = message] = heard;
    if (heard.size > REMEMBERED) heard.delete(oldest);
    try {
      return await isFirst(`mention ${message}`, ANSWERED_MINUTES);
    } catch (error) {
      log.warn('the state did not say whether a mention was answered before', { message, error });
      return true;
    }
  };
}

async function answerMention(mention: Mention, bot: string, parts: SlackParts): Promise<void> {
  const { user, channel, ts } = mention;
  const thread = threadOf(mention);
  const caller: Person = {
    kind: 'person',
    user,
    channel,
    thread,
    occasion: `mention ${channel}/${ts}`,
  };
  const whisper = createPrivate(mention, parts);
  const line = mentionedLine(mention, bot, (each) => parts.read(each, caller));
  const command = parts.read(line, caller);
  const refused = await command.guarded();
  if (refused?.nobodyReads === true) return;
  if (refused !== null) return await whisper(refused);
  const { asks, isForAll } = command;
  // It may be that the line will not run, whatever is added.
  const never = asks.length > 0 ? await command.refusal() : null;
  if (!isForAll && (never !== null || asks.length === 0)) {
    return await whisper(never ?? command.run());
  }
  await answerAll(never ?? answerTo(line, command), mention, parts);
}

type Private = (reply: Reply | Promise<Reply>) => Promise<void>;

/** Answers only the person, where they have written. */
function createPrivate(mention: Mention, parts: SlackParts): Private {
  const { user, channel } = mention;
  const thread = threadOf(mention);
  const respond = createWhisper({ channel, thread }, user, parts.client);
  return async (reply) => {
    const asPrivate = async () => ({ ...(await reply), isPublic: false });
    await sendReply(asPrivate(), { from: 'click', thread }, { ...parts, respond });
  };
}

/** Answers for all to read; if nothing can be posted, the person alone. */
async function answerAll(
  reply: Reply | Promise<Reply>,
  mention: Mention,
  parts: SlackParts,
): Promise<void> {
  const whisper = createPrivate(mention, parts);
  const coming = Promise.resolve(reply);
  const isSlow = isLate(coming, PATIENCE_MS, parts.wait);
  const looking = isSlow.then((late) => (late ? whisper(answer(sentence('Looking…'))) : undefined));
  const isPosted = await postAll((await coming).messages, mention, parts);
  if (!isPosted) await whisper(coming);
  await sendFiles(coming, isPosted ? threadUnder(mention) : mention, parts);
  await looking;
}

/** A form needs a click, so an incomplete line is answered with a button that opens it. */
async function answerTo(line: string, command: ReturnType<SlackParts['read']>): Promise<Reply> {
  if (line === '') return answer(mentionHelp());
  const { asks, isNamed, isUnderstood, run } = command;
  if (asks.length > 0) return answer(incomplete(line, asks));
  const reply = await run();
  const isUnknown = !isNamed && !isUnderstood();
  return isUnknown ? { ...reply, messages: reply.messages.map(withHelp) } : reply;
}

function incomplete(line: string, asks: readonly Ask[]): Message {
  const [name = ''] = line.split(/\s/);
  const headline = `${name}: something is missing.`;
  const example = code(`@hostcache ${cut(wholeLine(line, asks), SHOWN_LINE)}`);
  const button = { label: 'Fill in…', line, says: `Fill in what ${name} needs` };
  const buttons: readonly Block[] =
    line.length > BUTTON_LINE ? [] : [{ kind: 'buttons', buttons: [button] }];
  return {
    headline,
    blocks: [paragraph(`${headline} Type everything in one line: `, example), ...buttons],
  };
}

function withHelp({ headline, blocks }: Message): Message {
  return { headline, blocks: [...blocks, ...mentionHelp().blocks] };
}

/** The thread of the mention, or a new one under it. */
function threadUnder(mention: Mention) {
  return { channel: mention.channel, ts: threadOf(mention) ?? mention.ts };
}

/** In the thread under the mention. false = nothing was posted. */
async function postAll(
  messages: readonly Message[],
  mention: Mention,
  parts: SlackParts,
): Promise<boolean> {
  const { ts } = mention;
  const { channel, ts: thread } = threadUnder(mention);
  for (const [index, each] of packed(messages).entries()) {
    const message = withoutPosting(each);
    const key = `mention/${channel}/${ts}/${index}`;
    const delivery = await postAnswer({ channel, thread, message, key }, parts);
    if (delivery.kind === 'sent') continue;
    parts.log.error('an answer to a mention was not posted', { channel, delivery });
    return index > 0 || (delivery.kind === 'retry' && delivery.mayBeSent);
  }
  return true;
}
