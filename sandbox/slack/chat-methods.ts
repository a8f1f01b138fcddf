/** chat.*: posts, edits and ephemeral messages. https://docs.slack.dev/reference/methods */
import { z } from 'zod';
import {
  channelId,
  content,
  contentFault,
  flag,
  isOutcome,
  keptBlocks,
  threadFault,
  ts,
  visible,
  writable,
} from './conversation-rules.ts';
import { type Message, type Metadata, messageJson } from './message.ts';
import { done, type Method, method, refused, type Slack } from './slack.ts';
import {
  edit,
  findMessage,
  nextId,
  nextTs,
  post,
  remove,
  repliesTo,
  type State,
  whisper,
} from './workspace-state.ts';

// Options that do not change what the peer shows. They are listed so that a misspelt option is noticed.
const ignored = {
  as_user: flag,
  icon_emoji: z.string().optional(),
  icon_url: z.string().optional(),
  link_names: flag,
  mrkdwn: flag,
  parse: z.enum(['none', 'full']).optional(),
  unfurl_links: flag,
  unfurl_media: flag,
  username: z.string().optional(),
  client_msg_id: z.string().optional(),
};

const postMessage = method({
  scopes: ['chat:write'],
  args: {
    channel: channelId,
    ...content,
    ...ignored,
    thread_ts: ts.optional(),
    reply_broadcast: flag,
  },
  run: (args, slack) => {
    const channel = writable(slack, args.channel);
    if (isOutcome(channel)) {
      return channel;
    }
    const fault = contentFault(args) ?? threadFault(slack, channel.id, args.thread_ts);
    if (fault !== null) {
      return fault;
    }
    const message = newMessage(slack.state, channel.id, args);
    post(slack.state, message, { how: 'chat.postMessage', interaction: null });
    return done({ channel: channel.id, ts: message.ts, message: json(slack, message) });
  },
});

const update = method({
  scopes: ['chat:write'],
  args: { channel: channelId, ts, ...content, ...ignored, reply_broadcast: flag },
  run: (args, slack) => {
    const channel = visible(slack, args.channel);
    if (isOutcome(channel)) {
      return channel;
    }
    const message = findMessage(slack.state, channel.id, args.ts);
    if (message === undefined) {
      return refused('message_not_found', [`no message ${args.ts} in ${channel.id}`]);
    }
    if (!message.byApp) {
      return refused('cant_update_message', ['the message is not the app’s own']);
    }
    const fault = contentFault(args);
    if (fault !== null) {
      return fault;
    }
    const edited = editedMessage(slack.state, message, args);
    edit(slack.state, edited, { how: 'chat.update', interaction: null });
    const { text } = edited;
    return done({ channel: channel.id, ts: edited.ts, text, message: json(slack, edited) });
  },
});

const postEphemeral = method({
  scopes: ['chat:write'],
  args: {
    channel: channelId,
    user: z.string().min(1),
    ...content,
    ...ignored,
    thread_ts: ts.optional(),
  },
  run: (args, slack) => {
    const channel = writable(slack, args.channel);
    if (isOutcome(channel)) {
      return channel;
    }
    const fault = contentFault(args) ?? threadFault(slack, channel.id, args.thread_ts);
    if (fault !== null) {
      return fault;
    }
    if (!slack.state.users.has(args.user)) {
      return refused('user_not_found', [args.user]);
    }
    if (!channel.members.has(args.user)) {
      return refused('user_not_in_channel', [`${args.user} is not in ${channel.name}`]);
    }
    const ephemeral = {
      kind: 'ephemeral' as const,
      id: nextId(slack.state, 'E'),
      channel: channel.id,
      ts: nextTs(slack.state),
      user: args.user,
      text: args.text ?? '',
      blocks: keptBlocks(args.blocks, () => nextId(slack.state, 'b')),
      threadTs: args.thread_ts ?? null,
      postedAt: slack.state.clock(),
    };
    whisper(slack.state, ephemeral, { how: 'chat.postEphemeral', interaction: null });
    return done({ message_ts: ephemeral.ts });
  },
});

const deleteMessage = method({
  scopes: ['chat:write'],
  args: { channel: channelId, ts, as_user: flag },
  run: (args, slack) => {
    const channel = visible(slack, args.channel);
    if (isOutcome(channel)) {
      return channel;
    }
    const message = findMessage(slack.state, channel.id, args.ts);
    if (message === undefined) {
      return refused('message_not_found', [`no message ${args.ts} in ${channel.id}`]);
    }
    if (!message.byApp) {
      return refused('cant_delete_message', ['the message is not the app’s own']);
    }
    remove(slack.state, message, { how: 'chat.delete', interaction: null });
    return done({ channel: channel.id, ts: message.ts });
  },
});

const getPermalink = method({
  args: { channel: channelId, message_ts: ts },
  run: (args, slack) => {
    const channel = visible(slack, args.channel);
    if (isOutcome(channel)) {
      return channel;
    }
    const message = findMessage(slack.state, channel.id, args.message_ts);
    return message === undefined
      ? refused('message_not_found', [`no message ${args.message_ts} in ${channel.id}`])
      : done({ channel: channel.id, permalink: permalink(slack, message) });
  },
});

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.postEphemeral': postEphemeral,
  'chat.delete': deleteMessage,
  'chat.getPermalink': getPermalink,
};

interface Said {
  readonly text?: string | undefined;
  readonly blocks?: unknown;
  readonly metadata?: unknown;
  readonly thread_ts?: string | undefined;
  readonly reply_broadcast?: boolean | undefined;
}

/** A new message of the app; `said` is already checked. */
export function newMessage(state: State, channel: string, said: Said): Message {
  return {
    kind: 'message',
    channel,
    ts: nextTs(state),
    user: state.bot.userId,
    byApp: true,
    text: said.text ?? '',
    blocks: keptBlocks(said.blocks, () => nextId(state, 'b')),
    threadTs: said.thread_ts ?? null,
    isBroadcast: said.reply_broadcast ?? false,
    metadata: metadataOf(said.metadata, null),
    files: [],
    reactions: [],
    edits: 0,
    postedAt: state.clock(),
  };
}

/** Text without blocks removes the blocks; metadata stays unless new metadata is given. */
export function editedMessage(state: State, message: Message, said: Said): Message {
  return {
    ...message,
    text: said.text ?? '',
    blocks: keptBlocks(said.blocks, () => nextId(state, 'b')),
    metadata: metadataOf(said.metadata, message.metadata),
    isBroadcast: said.reply_broadcast ?? message.isBroadcast,
    edits: message.edits + 1,
  };
}

function metadataOf(given: unknown, before: Metadata | null): Metadata | null {
  if (given === undefined) {
    return before;
  }
  const isEmpty = typeof given === 'object' && given !== null && !('event_type' in given);
  // contentFault has parsed it, so it is empty or has both fields.
  return isEmpty ? null : (given as Metadata);
}

function json(slack: Slack, message: Message): object {
  const { bot, team } = slack.state;
  const replies = repliesTo(slack.state, message.channel, message.ts);
  const author = { botId: bot.botId, appId: bot.appId, teamId: team.id };
  return messageJson(message, author, replies);
}

function permalink(slack: Slack, message: Message): string {
  const { team } = slack.state;
  const thread =
    message.threadTs === null ? '' : `?thread_ts=${message.threadTs}&cid=${message.channel}`;
  const digits = message.ts.replace('.', '');
  return `https://${team.domain}.slack.com/archives/${message.channel}/p${digits}${thread}`;
}
