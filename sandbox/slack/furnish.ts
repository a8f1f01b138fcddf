/** Adds people, channels and user groups to the workspace, and changes them. */
import type { Channel } from './channel.ts';
import type { User, UserGroup } from './people.ts';
import { changed, type State } from './workspace-state.ts';

export type UserDraft = { readonly name: string } & Partial<Omit<User, 'name' | 'teamId'>>;

export interface ChannelDraft {
  readonly name: string;
  readonly id?: string;
  readonly isPrivate?: boolean;
  readonly isArchived?: boolean;
  /** User ids without the bot's; see `botIsMember` (default true). */
  readonly members?: readonly string[];
  readonly botIsMember?: boolean;
}

export interface ChannelChange {
  readonly isArchived?: boolean;
  readonly members?: readonly string[];
  readonly botIsMember?: boolean;
}

export interface UserGroupDraft {
  readonly handle: string;
  readonly members: readonly string[];
  readonly id?: string;
  readonly disabled?: boolean;
}

export function addUser(state: State, draft: UserDraft): User {
  const isStranger = draft.isStranger ?? false;
  const user: User = {
    id: idOf('U', draft.name),
    realName: draft.name,
    teamId: isStranger ? 'T0ELSEWHERE' : state.team.id,
    isBot: false,
    isRestricted: false,
    isUltraRestricted: false,
    isStranger,
    isAdmin: false,
    deleted: false,
    timezone: 'Etc/UTC',
    ...draft,
  };
  put(state, state.users, user);
  return user;
}

export function addChannel(state: State, draft: ChannelDraft): Channel {
  const channel: Channel = {
    id: draft.id ?? idOf('C', draft.name),
    name: draft.name,
    kind: draft.isPrivate === true ? 'private' : 'public',
    members: membersOf(state, draft.members ?? [], draft.botIsMember ?? true),
    isArchived: draft.isArchived ?? false,
    isShared: (draft.members ?? []).some((id) => state.users.get(id)?.isStranger === true),
    createdAt: state.clock(),
  };
  put(state, state.channels, channel);
  return channel;
}

export function changeChannel(state: State, id: string, change: ChannelChange): void {
  const channel = known(state.channels, id);
  const isMember = change.botIsMember ?? channel.members.has(state.bot.userId);
  put(state, state.channels, {
    ...channel,
    isArchived: change.isArchived ?? channel.isArchived,
    members: membersOf(state, change.members ?? [...channel.members], isMember),
  });
}

export function addUserGroup(state: State, draft: UserGroupDraft): UserGroup {
  const group: UserGroup = {
    id: draft.id ?? idOf('S', draft.handle),
    handle: draft.handle,
    name: draft.handle,
    members: draft.members,
    disabled: draft.disabled ?? false,
  };
  put(state, state.groups, group);
  return group;
}

/** The direct messages of that person and the bot, opened on first use as in Slack. */
export function openDirectMessages(state: State, user: string): Channel {
  const id = `D${user.slice(1)}`;
  const existing = state.channels.get(id);
  if (existing !== undefined) {
    return existing;
  }
  const { userId } = state.bot;
  const members = new Set([known(state.users, user).id, userId]);
  const channel: Channel = {
    id,
    name: 'directmessage',
    kind: 'im',
    members,
    isArchived: false,
    isShared: false,
    createdAt: state.clock(),
  };
  put(state, state.channels, channel);
  return channel;
}

export function put<T extends { readonly id: string }>(
  state: State,
  map: Map<string, T>,
  one: T,
): void {
  map.set(one.id, one);
  changed(state);
}

export function known<T>(map: ReadonlyMap<string, T>, id: string): T {
  const found = map.get(id);
  if (found === undefined) {
    throw new Error(`sandbox workspace: expected a known id, got ${JSON.stringify(id)}`);
  }
  return found;
}

function membersOf(state: State, members: readonly string[], withBot: boolean): Set<string> {
  const people = members.filter((id) => id !== state.bot.userId);
  return new Set(withBot ? [...people, state.bot.userId] : people);
}

// Ids are made from names, so that test failures are readable: alice is U0ALICE.
function idOf(prefix: string, name: string): string {
  return `${prefix}0${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')}`;
}
