/** The people and user groups of the workspace, and how Slack's Web API shows them. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  /** The home team; another one for a stranger from Slack Connect. */
  readonly teamId: string;
  readonly isBot: boolean;
  /** A multi-channel guest. */
  readonly isRestricted: boolean;
  /** A single-channel guest. */
  readonly isUltraRestricted: boolean;
  readonly isStranger: boolean;
  readonly isAdmin: boolean;
  /** Deactivated. */
  readonly deleted: boolean;
  readonly timezone: string;
  /** The person's id in the Enterprise organisation (W…); absent = the workspace is in none. */
  readonly organisationId?: string;
  /** The id in answers about this one; absent = the same. */
  readonly answeredAs?: string;
}

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly disabled: boolean;
}

/** The user in the shape of `users.info`. As in Slack, a deactivated user has no guest flags. */
export function userJson(user: User, botId: string): object {
  const shared = {
    id: user.answeredAs ?? user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.deleted,
    profile: {
      real_name: user.realName,
      display_name: user.name,
      team: user.teamId,
      ...(user.isBot && { bot_id: botId }),
    },
    is_bot: user.isBot,
    is_app_user: false,
    updated: 1_795_000_000,
    ...(user.isStranger && { is_stranger: true }),
    ...(user.organisationId !== undefined && {
      enterprise_user: {
        id: user.organisationId,
        enterprise_id: 'E0SANDBOX',
        enterprise_name: 'Sandbox organisation',
        is_admin: false,
        is_owner: false,
        teams: [user.teamId],
      },
    }),
  };
  if (user.deleted) {
    return shared;
  }
  return {
    ...shared,
    real_name: user.realName,
    tz: user.timezone,
    tz_label: user.timezone,
    tz_offset: 0,
    color: '9f69e7',
    is_admin: user.isAdmin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.isRestricted || user.isUltraRestricted,
    is_ultra_restricted: user.isUltraRestricted,
    is_email_confirmed: true,
  };
}

/** The group in the shape of `usergroups.list`; members only if requested. */
export function userGroupJson(group: UserGroup, teamId: string, withMembers: boolean): object {
  return {
    id: group.id,
    team_id: teamId,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: 1_795_000_000,
    date_update: 1_795_000_000,
    date_delete: group.disabled ? 1_795_000_001 : 0,
    auto_type: null,
    user_count: group.members.length,
    prefs: { channels: [], groups: [] },
    ...(withMembers && { users: group.members }),
  };
}
