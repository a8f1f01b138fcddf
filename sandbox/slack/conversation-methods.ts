/** conversations.* and reactions.add. https://docs.slack.dev/reference/methods */
import { z } from 'zod';
import { type Channel, channelJson } from './channel.ts';
import { channelId, count, flag, isOutcome, ts, visible } from './conversation-rules.ts';
import { openDirectMessages } from './furnish.ts';
import { type Message, messageJson } from './message.ts';
import { done, type Method, method, type Outcome, refused, type Slack } from './slack.ts';
import { edit, findMessage, repliesTo } from './workspace-state.ts';

const reading = ['channels:read', 'groups:read', 'im:read'] as const;
const histories = ['channels:history', 'groups:history', 'im:history'] as const;

const page = { cursor: z.string().optional(), limit: count };

const range = {
  ...page,
  oldest: z.coerce.string().optional(),
  latest: z.coerce.string().optional(),
  inclusive: flag,
  include_all_metadata: flag,
};

const info = method({
  scopes: reading,
  args: { channel: channelId, include_locale: flag, include_num_members: flag },
  run: (args, slack) =>
    inSight(slack, args.channel, 'read', (channel) => done({ channel: json(slack, channel) })),
});

const list = method({
  scopes: reading,
  args: {
    ...page,
    types: z.string().optional(),
    exclude_archived: flag,
    team_id: z.string().optional(),
  },
  run: (args, slack) => {
    const kinds = (args.types ?? 'public_channel').split(',').map((type) => type.trim());
    const channels = [...slack.state.channels.values()].filter(
      (channel) =>
        kinds.includes(KIND[channel.kind]) &&
        !isOutcome(visible(slack, channel.id)) &&
        !(args.exclude_archived === true && channel.isArchived),
    );
    return paged(
      'channels',
      channels.map((channel) => json(slack, channel)),
      args,
    );
  },
});

const members = method({
  scopes: reading,
  args: { channel: channelId, ...page },
  run: (args, slack) =>
    inSight(slack, args.channel, 'read', (channel) => paged('members', [...channel.members], args)),
});

const open = method({
  scopes: ['im:write', 'chat:write'],
  args: {
    users: z.string().optional(),
    channel: z.string().optional(),
    return_im: flag,
    prevent_creation: flag,
  },
  run: (args, slack) => {
    const [user, ...more] = (args.users ?? '').split(',');
    if (user === undefined || !slack.state.users.has(user) || more.length > 0) {
      return refused('user_not_found', [args.users ?? 'no user given']);
    }
    const channel = openDirectMessages(slack.state, user);
    return done({ channel: args.return_im === true ? json(slack, channel) : { id: channel.id } });
  },
});

const history = method({
  scopes: histories,
  args: { channel: channelId, ...range },
  run: (args, slack) =>
    inSight(slack, args.channel, 'history', (channel) => {
      if (!channel.members.has(slack.state.bot.userId)) {
        return refused('not_in_channel', [channel.name]);
      }
      const shown = slack.state.messages.filter(
        (one) => one.channel === channel.id && (one.threadTs === null || one.isBroadcast),
      );
      return within(slack, shown.reverse(), args);
    }),
});

const replies = method({
  scopes: histories,
  args: { channel: channelId, ts, ...range },
  run: (args, slack) =>
    inSight(slack, args.channel, 'history', (channel) => {
      const root = findMessage(slack.state, channel.id, args.ts);
      const others = repliesTo(slack.state, channel.id, args.ts);
      return root === undefined && others.length === 0
        ? refused('thread_not_found', [`no message ${args.ts} in ${channel.id}`])
        : within(slack, [...(root === undefined ? [] : [root]), ...others], args, args.ts);
    }),
});

const addReaction = method({
  scopes: ['reactions:write'],
  args: { channel: channelId, timestamp: ts, name: z.string().min(1) },
  run: (args, slack) => {
    const { state } = slack;
    const message = findMessage(state, args.channel, args.timestamp);
    if (message === undefined) {
      return refused('message_not_found', [args.timestamp]);
    }
    const before = message.reactions.find((one) => one.name === args.name);
    if (before?.users.includes(state.bot.userId) === true) {
      return refused('already_reacted');
    }
    const others = message.reactions.filter((one) => one !== before);
    const users = [...(before?.users ?? []), state.bot.userId];
    const reactions = [...others, { name: args.name, users }];
    edit(state, { ...message, reactions }, { how: 'reactions.add', interaction: null });
    return done();
  },
});

export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.info': info,
  'conversations.list': list,
  'conversations.members': members,
  'conversations.open': open,
  'conversations.history': history,
  'conversations.replies': replies,
  'reactions.add': addReaction,
};

const KIND = { public: 'public_channel', private: 'private_channel', im: 'im' } as const;
const SCOPE = { public: 'channels', private: 'groups', im: 'im' } as const;

/** Checks the scope for this kind of channel; the method's own list only requires one of the scopes. */
function inSight(
  slack: Slack,
  id: string,
  what: 'read' | 'history',
  run: (channel: Channel) => Outcome,
): Outcome {
  const channel = visible(slack, id);
  if (isOutcome(channel)) {
    return channel;
  }
  const needed = `${SCOPE[channel.kind]}:${what}`;
  const provided = slack.credentials.botScopes;
  return provided.includes(needed)
    ? run(channel)
    : refused('missing_scope', [needed], { needed, provided: provided.join(',') });
}

interface Range {
  readonly oldest?: string | undefined;
  readonly latest?: string | undefined;
  readonly inclusive?: boolean | undefined;
  readonly include_all_metadata?: boolean | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

function within(slack: Slack, messages: readonly Message[], range: Range, root?: string): Outcome {
  const { oldest = '0', latest = '9999999999', inclusive = false } = range;
  const after = (one: Message) => compare(one.ts, oldest) > 0 || (inclusive && one.ts === oldest);
  const before = (one: Message) => compare(one.ts, latest) < 0 || (inclusive && one.ts === latest);
  const { bot, team } = slack.state;
  const author = { botId: bot.botId, appId: bot.appId, teamId: team.id };
  const shown = messages
    .filter((one) => one.ts === root || (after(one) && before(one)))
    .map((one) => ({
      ...messageJson(one, author, repliesTo(slack.state, one.channel, one.ts)),
      ...(range.include_all_metadata === true &&
        one.metadata !== null && { metadata: one.metadata }),
    }));
  return paged('messages', shown, range);
}

function compare(a: string, b: string): number {
  return Number(a) - Number(b);
}

function paged(
  name: string,
  rows: readonly unknown[],
  {
    cursor,
    limit = 100,
  }: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
): Outcome {
  const from = cursor === undefined || cursor === '' ? 0 : Number(cursor.replace('next:', ''));
  if (!Number.isInteger(from)) {
    return refused('invalid_cursor', [String(cursor)]);
  }
  const hasMore = from + limit < rows.length;
  return done({
    [name]: rows.slice(from, from + limit),
    has_more: hasMore,
    response_metadata: { next_cursor: hasMore ? `next:${from + limit}` : '' },
  });
}

function json(slack: Slack, channel: Channel): object {
  return channelJson(channel, slack.state.bot.userId, slack.state.team.id);
}
