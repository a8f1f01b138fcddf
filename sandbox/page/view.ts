/** The workspace as one person sees it. */
import type { Channel } from '../slack/channel.ts';
import type { Ephemeral, Message, StoredFile } from '../slack/message.ts';
import type { View } from '../slack/view.ts';
import type { Workspace } from '../slack/workspace.ts';
import type {
  Completion,
  Conversation,
  Person,
  Seen,
  SeenFile,
  SeenView,
  Shortcut,
  Shown,
} from './shape.ts';

export interface Reader {
  readonly me: string;
  /** The people whom the visitor can act as. */
  readonly people: readonly Person[];
  readonly shortcuts: readonly Shortcut[];
  readonly completions: readonly Completion[];
}

const PREVIEW_BYTES = 2000;

export function seenBy(workspace: Workspace, reader: Reader): Seen {
  const { me, people, shortcuts, completions } = reader;
  const mine = [...workspace.channels.values()].filter((one) => isSeen(one, me));
  const ids = new Set(mine.map(({ id }) => id));
  const messages = workspace.messages.filter(({ channel }) => ids.has(channel));
  const shown = [
    ...messages.map(shownMessage),
    ...deletedRoots(messages),
    ...workspace.ephemeralsFor(me).map((one) => shownEphemeral(one, workspace.bot.userId)),
  ];
  const modal = workspace.modalsOf(me).at(-1);
  const home = workspace.homes.get(me);
  return {
    me,
    people,
    names: namesIn(workspace),
    // Channels come first, as in Slack.
    conversations: mine
      .map((one) => conversation(one, workspace.bot.name))
      .toSorted((one, other) => other.kind.localeCompare(one.kind)),
    shown: shown.toSorted((one, other) => one.ts.localeCompare(other.ts)),
    modal: modal === undefined ? null : seenView(modal),
    home: home === undefined ? null : seenView(home),
    shortcuts,
    completions,
    permalinks: `https://${workspace.team.domain}.slack.com/archives/`,
  };
}

/** The file; null = it does not exist, or no message that this person can read has it. */
export function fileFor(workspace: Workspace, me: string, id: string): StoredFile | null {
  const bearer = workspace.messages.find((one) => one.files.some((file) => file.id === id));
  const channel = bearer === undefined ? undefined : workspace.channels.get(bearer.channel);
  if (channel === undefined || !isSeen(channel, me)) return null;
  return workspace.files.get(id) ?? null;
}

function isSeen({ kind, members }: Channel, me: string): boolean {
  return kind === 'public' || members.has(me);
}

function conversation({ id, name, kind }: Channel, botName: string): Conversation {
  return kind === 'im' ? { id, name: botName, kind: 'app' } : { id, name, kind: 'channel' };
}

function namesIn({ users, channels, groups }: Workspace): Record<string, string> {
  return Object.fromEntries([
    ...[...users.values()].map(({ id, realName }) => [id, realName] as const),
    ...[...channels.values()].map(({ id, name }) => [id, name] as const),
    ...[...groups.values()].map(({ id, handle }) => [id, handle] as const),
  ]);
}

function shownMessage(message: Message): Shown {
  const { channel, ts, user, byApp, text, blocks, threadTs, isBroadcast, edits, files } = message;
  return {
    kind: 'message',
    id: ts,
    channel,
    ts,
    author: user,
    isApp: byApp,
    text,
    blocks,
    threadTs,
    isBroadcast,
    isEdited: edits > 0,
    files: files.map(seenFile),
  };
}

/** A deleted root of which replies are left: Slack shows that there was a message, and its thread. */
function deletedRoots(messages: readonly Message[]): readonly Shown[] {
  const left = new Set(messages.map(({ channel, ts }) => `${channel} ${ts}`));
  const orphans = new Map<string, Shown>();
  for (const { channel, threadTs } of messages) {
    const key = `${channel} ${threadTs}`;
    if (threadTs === null || left.has(key)) continue;
    orphans.set(key, { ...NOTHING_LEFT, kind: 'deleted', id: threadTs, channel, ts: threadTs });
  }
  return [...orphans.values()];
}

const NOTHING_LEFT = {
  author: '',
  isApp: false,
  text: '',
  blocks: [],
  threadTs: null,
  isBroadcast: false,
  isEdited: false,
  files: [],
};

function shownEphemeral(ephemeral: Ephemeral, bot: string): Shown {
  const { id, channel, ts, text, blocks, threadTs } = ephemeral;
  return {
    kind: 'ephemeral',
    id,
    channel,
    ts,
    author: bot,
    isApp: true,
    text,
    blocks,
    threadTs,
    isBroadcast: false,
    isEdited: false,
    files: [],
  };
}

function seenFile({ id, name, title, content }: StoredFile): SeenFile {
  const preview = content.subarray(0, PREVIEW_BYTES).toString('utf8');
  return { id, name, title, bytes: content.length, preview };
}

function seenView({ id, title, submit, close, blocks, errors }: View): SeenView {
  return { id, title, submit, close, blocks, errors };
}
