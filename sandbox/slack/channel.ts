/** A conversation: a public or private channel, or the direct messages of one person and the bot. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  /** User ids, with the bot's if it was invited. */
  readonly members: ReadonlySet<string>;
  readonly isArchived: boolean;
  readonly isShared: boolean;
  readonly createdAt: Date;
}

/** The channel's name in a slash command's payload: Slack hides names that are private. */
export function channelNameInPayload(channel: Channel): string {
  switch (channel.kind) {
    case 'public':
      return channel.name;
    case 'private':
      return 'privategroup';
    case 'im':
      return 'directmessage';
  }
}

/** The channel in the shape of `conversations.info`. */
export function channelJson(channel: Channel, botUserId: string, teamId: string): object {
  const isMember = channel.members.has(botUserId);
  const shared = {
    id: channel.id,
    created: Math.floor(channel.createdAt.getTime() / 1000),
    is_archived: channel.isArchived,
    is_im: channel.kind === 'im',
    is_org_shared: false,
    context_team_id: teamId,
    updated: channel.createdAt.getTime(),
  };
  if (channel.kind === 'im') {
    const user = [...channel.members].find((member) => member !== botUserId);
    return { ...shared, user, is_user_deleted: false, priority: 0 };
  }
  return {
    ...shared,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_private: channel.kind === 'private',
    is_mpim: false,
    is_general: false,
    is_shared: channel.isShared,
    is_ext_shared: channel.isShared,
    is_member: isMember,
    creator: 'U0ADMIN',
    unlinked: 0,
    num_members: channel.members.size,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    previous_names: [],
  };
}
