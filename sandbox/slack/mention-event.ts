/** What a person writes, as the Events API shows it. https://docs.slack.dev/reference/events/app_mention */
import { createHash } from 'node:crypto';
import type { Channel } from './channel.ts';
import { known } from './furnish.ts';
import { type Block, fileJson, type Message } from './message.ts';
import { decode } from './mrkdwn.ts';
import type { Slack } from './slack.ts';
import { nextTs, repliesTo } from './workspace-state.ts';

/** The events of a message that the manifest subscribes to; `editedTs` = the message was edited then. */
export function eventsOf(
  slack: Slack,
  message: Message,
  editedTs: string | null,
): readonly object[] {
  const { botEvents } = slack.declared;
  const channel = known(slack.state.channels, message.channel);
  const type = { public: 'channel', private: 'group', im: 'im' }[channel.kind];
  const isMessage = [`message.${type}s`, `message.${type}`].some((one) => botEvents.includes(one));
  const shared = eventOf(slack, message, editedTs);
  return [
    // An edit is a `message_changed`, which nobody here subscribes to.
    ...(isMessage && editedTs === null ? [{ ...shared, type: 'message', channel_type: type }] : []),
    ...(isMention(slack, message, channel) ? [{ ...shared, type: 'app_mention' }] : []),
  ];
}

/** Slack sends mentions only from channels with the bot, and none from direct messages. */
function isMention(
  { declared, credentials, state: { bot } }: Slack,
  { text }: Message,
  channel: Channel,
): boolean {
  return (
    declared.botEvents.includes('app_mention') &&
    credentials.botScopes.includes('app_mentions:read') &&
    channel.kind !== 'im' &&
    channel.members.has(bot.userId) &&
    new RegExp(`<@${bot.userId}(?:\\|[^<>]*)?>`).test(text)
  );
}

function eventOf({ state }: Slack, message: Message, editedTs: string | null): object {
  const { ts, channel, user, text, blocks, threadTs, attachments, files } = message;
  const isBot = state.users.get(user)?.isBot === true;
  // A root with replies has its own ts there.
  const hasReplies = repliesTo(state, channel, ts).length > 0;
  const thread = threadTs ?? (hasReplies ? ts : null);
  return {
    user,
    ts,
    text,
    team: state.team.id,
    blocks: blocks.length > 0 ? blocks : writtenBlocks(text),
    ...(attachments !== undefined && { attachments }),
    ...(files.length > 0 && { files: files.map(fileJson) }),
    ...(isBot
      ? { bot_id: user === state.bot.userId ? state.bot.botId : `B${user.slice(1)}` }
      : { client_msg_id: clientMessageId(message) }),
    ...(thread !== null && { thread_ts: thread }),
    ...(threadTs !== null && {
      parent_user_id: state.messages.find((one) => one.ts === threadTs)?.user,
    }),
    ...(editedTs !== null && { edited: { user, ts: editedTs } }),
    channel,
    event_ts: editedTs === null ? ts : nextTs(state),
  };
}

/** The same for each event of one message. */
function clientMessageId({ channel, ts }: Message): string {
  const digest = createHash('sha256').update(`${channel}/${ts}`).digest('hex');
  const [, ...parts] = /^(.{8})(.{4})(.{4})(.{4})(.{12})/.exec(digest) ?? [];
  return parts.join('-');
}

/** The rich text that Slack's composer makes of a text: mentions, and code between three backticks. */
export function writtenBlocks(text: string): readonly Block[] {
  const elements = text.split(/```([\s\S]*?)```/).flatMap((part, index) => {
    if (part === '') return [];
    const type = index % 2 === 1 ? 'rich_text_preformatted' : 'rich_text_section';
    return [{ type, elements: index % 2 === 1 ? [written(part)] : mentionsIn(part) }];
  });
  return [{ type: 'rich_text', elements }];
}

function mentionsIn(text: string): readonly object[] {
  return text.split(/(<@[UW][A-Z0-9]+(?:\|[^<>]*)?>)/).flatMap((part) => {
    if (part === '') return [];
    const [, userId] = /^<@([UW][A-Z0-9]+)/.exec(part) ?? [];
    return [userId === undefined ? written(part) : { type: 'user', user_id: userId }];
  });
}

function written(text: string): object {
  return { type: 'text', text: decode(text) };
}
