/** The workspace for tests, the demo and the page: what they can read, and how they can change it. */
import type { Channel } from './channel.ts';
import {
  addChannel,
  addUser,
  addUserGroup,
  type ChannelChange,
  type ChannelDraft,
  changeChannel,
  known,
  openDirectMessages,
  put,
  type UserDraft,
  type UserGroupDraft,
} from './furnish.ts';
import type { Ephemeral, Message, StoredFile } from './message.ts';
import type { User, UserGroup } from './people.ts';
import type { View } from './view.ts';
import {
  type Bot,
  findMessage,
  forget,
  type Happening,
  type Ping,
  remove,
  repliesTo,
  type State,
  type Team,
} from './workspace-state.ts';

/** The limit of every wait, in milliseconds; long enough even for a busy machine. */
export const WAIT_MS = 120_000;

export interface Workspace {
  readonly team: Team;
  readonly bot: Bot;
  readonly users: ReadonlyMap<string, User>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly groups: ReadonlyMap<string, UserGroup>;
  readonly messages: readonly Message[];
  readonly ephemerals: readonly Ephemeral[];
  /** Open modals, by view id. */
  readonly modals: ReadonlyMap<string, View>;
  /** App Home, by user id. */
  readonly homes: ReadonlyMap<string, View>;
  readonly files: ReadonlyMap<string, StoredFile>;
  /** Everything that was ever posted, edited, shown or opened, in order. */
  readonly happenings: readonly Happening[];
  /** All pings and links that the app ever sent. */
  readonly pings: readonly Ping[];
  /** The pings of a whole channel. */
  readonly broadcasts: readonly Ping[];
  message(channel: string, ts: string): Message | undefined;
  /** The channel's root messages, oldest first. */
  roots(channel: string): readonly Message[];
  /** The replies of a thread, oldest first, without its root. */
  thread(channel: string, ts: string): readonly Message[];
  ephemeralsFor(user: string): readonly Ephemeral[];
  /**
   * What this person sees in the channel (null), or in the thread of this root, oldest first. A
   * private message of a thread is in that thread only.
   */
  sees(user: string, channel: string, thread: string | null): readonly (Message | Ephemeral)[];
  /** The person's open modals, the top one last. */
  modalsOf(user: string): readonly View[];
  addUser(draft: UserDraft): User;
  changeUser(id: string, change: Partial<Omit<User, 'id'>>): void;
  addChannel(draft: ChannelDraft): Channel;
  changeChannel(id: string, change: ChannelChange): void;
  addUserGroup(draft: UserGroupDraft): UserGroup;
  changeUserGroup(id: string, change: Partial<Omit<UserGroup, 'id'>>): void;
  /** Deletes a message, as a person does; the replies of a root stay. Throws if there is none. */
  deleteMessage(channel: string, ts: string): void;
  /** Deletes what was posted before, as message retention does. */
  expireMessages(before: Date): void;
  /** The direct messages of that person and the bot, opened if needed. */
  directMessages(user: string): Channel;
  /** Forgets all but the latest happenings, private messages and pings, for a test of hours. */
  forget(keep: number): void;
  /** Calls `listener` after every change; returns a function that stops it. */
  watch(listener: () => void): () => void;
  /** Calls `find` after every change until it returns a value that is not null, undefined or false. Rejects after WAIT_MS. */
  until<T>(find: () => T): Promise<Exclude<T, null | undefined | false>>;
}

export function openWorkspace(state: State): Workspace {
  return {
    team: state.team,
    bot: state.bot,
    users: state.users,
    channels: state.channels,
    groups: state.groups,
    messages: state.messages,
    ephemerals: state.ephemerals,
    modals: state.modals,
    homes: state.homes,
    files: state.files,
    happenings: state.happenings,
    pings: state.pings,
    get broadcasts() {
      return state.pings.filter((ping) => ping.kind === 'broadcast');
    },
    message: (channel, ts) => findMessage(state, channel, ts),
    roots: (channel) =>
      state.messages.filter((one) => one.channel === channel && one.threadTs === null),
    thread: (channel, ts) => repliesTo(state, channel, ts),
    ephemeralsFor: (user) => state.ephemerals.filter((one) => one.user === user),
    sees: (user, channel, thread) => sees(state, user, channel, thread),
    modalsOf: (user) => [...state.modals.values()].filter((view) => view.user === user),
    addUser: (draft) => addUser(state, draft),
    changeUser: (id, change) => put(state, state.users, { ...known(state.users, id), ...change }),
    addChannel: (draft) => addChannel(state, draft),
    changeChannel: (id, change) => changeChannel(state, id, change),
    addUserGroup: (draft) => addUserGroup(state, draft),
    changeUserGroup: (id, change) =>
      put(state, state.groups, { ...known(state.groups, id), ...change }),
    deleteMessage: (channel, ts) => deleteMessage(state, channel, ts),
    expireMessages: (before) => expireMessages(state, before),
    directMessages: (user) => openDirectMessages(state, user),
    forget: (keep) => forget(state, keep),
    watch: (listener) => watch(state, listener),
    until: (find) => until(state, find),
  };
}

function sees(
  { messages, ephemerals }: State,
  user: string,
  channel: string,
  thread: string | null,
): readonly (Message | Ephemeral)[] {
  const isHere = (one: Message) =>
    one.threadTs === thread || (thread === null ? one.isBroadcast : one.ts === thread);
  return [
    ...messages.filter((one) => one.channel === channel && isHere(one)),
    ...ephemerals.filter(
      (one) => one.user === user && one.channel === channel && one.threadTs === thread,
    ),
  ].toSorted((one, other) => one.ts.localeCompare(other.ts));
}

function deleteMessage(state: State, channel: string, ts: string): void {
  const message = findMessage(state, channel, ts);
  if (message === undefined) {
    throw new Error(`sandbox workspace: no message ${ts} in ${channel}`);
  }
  remove(state, message, { how: 'person', interaction: null });
}

function expireMessages(state: State, before: Date): void {
  for (const message of state.messages.filter(({ postedAt }) => postedAt < before)) {
    remove(state, message, { how: 'retention', interaction: null });
  }
}

function watch(state: State, listener: () => void): () => void {
  state.listeners.add(listener);
  return () => {
    state.listeners.delete(listener);
  };
}

export function until<T>(
  state: State,
  find: () => T,
): Promise<Exclude<T, null | undefined | false>> {
  // Created here, so that its stack shows the caller.
  const late = new Error(`sandbox workspace: the wait exceeded ${WAIT_MS} ms`);
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = find();
      if (found === null || found === undefined || found === false) {
        return;
      }
      stop();
      // Checked above: it is none of the three values that the type excludes.
      resolve(found as Exclude<T, null | undefined | false>);
    };
    const timer = setTimeout(() => {
      stop();
      reject(late);
    }, WAIT_MS);
    const unwatch = watch(state, look);
    const stop = () => {
      clearTimeout(timer);
      unwatch();
    };
    look();
  });
}
