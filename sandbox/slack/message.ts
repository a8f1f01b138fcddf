/** Messages for everybody in a conversation, and ephemeral messages for one person. */
export interface Message {
  readonly kind: 'message';
  readonly channel: string;
  /** Slack's id of a message within its channel, '1795165331.000100'. */
  readonly ts: string;
  readonly user: string;
  /** Posted by the app under test. */
  readonly byApp: boolean;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The older form of blocks, in which monitoring tools post. */
  readonly attachments?: readonly object[];
  /** The thread's root; null = a root message. */
  readonly threadTs: string | null;
  readonly isBroadcast: boolean;
  readonly metadata: Metadata | null;
  readonly files: readonly StoredFile[];
  readonly reactions: readonly Reaction[];
  readonly edits: number;
  readonly postedAt: Date;
}

export interface Ephemeral {
  readonly kind: 'ephemeral';
  readonly id: string;
  readonly channel: string;
  readonly ts: string;
  /** The only person who sees it. */
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly threadTs: string | null;
  readonly postedAt: Date;
}

/** A block or an element as it was sent, after validation. */
export interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly [field: string]: unknown;
}

export interface Metadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}

export interface Reaction {
  readonly name: string;
  readonly users: readonly string[];
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly content: Buffer;
  readonly uploadedAt: Date;
}

export interface Author {
  readonly botId: string;
  readonly appId: string;
  readonly teamId: string;
}

/** A message as `conversations.history` and interaction payloads show it. */
export function messageJson(message: Message, author: Author, replies: readonly Message[]): object {
  const last = replies.at(-1);
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: author.teamId,
    ...(message.byApp && { bot_id: author.botId, app_id: author.appId }),
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.attachments !== undefined && { attachments: message.attachments }),
    ...(message.edits > 0 && {
      edited: { user: message.user, ts: `${message.ts.slice(0, 10)}.000000` },
    }),
    ...(message.threadTs !== null && { thread_ts: message.threadTs }),
    ...(message.isBroadcast && { subtype: 'thread_broadcast' }),
    ...(message.files.length > 0 && { files: message.files.map(fileJson), upload: true }),
    ...(message.reactions.length > 0 && {
      reactions: message.reactions.map((one) => ({ ...one, count: one.users.length })),
    }),
    ...(last !== undefined && {
      thread_ts: message.ts,
      reply_count: replies.length,
      reply_users: [...new Set(replies.map((reply) => reply.user))],
      latest_reply: last.ts,
    }),
  };
}

/** Slack previews the first lines of a text. https://docs.slack.dev/reference/objects/file-object */
const PREVIEW_LINES = 5;

export function fileJson(file: StoredFile): object {
  const lines = file.content.toString('utf8').split('\n');
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    size: file.content.length,
    created: Math.floor(file.uploadedAt.getTime() / 1000),
    timestamp: Math.floor(file.uploadedAt.getTime() / 1000),
    mimetype: file.name.endsWith('.csv') ? 'text/csv' : 'text/plain',
    filetype: file.name.split('.').at(-1) ?? 'text',
    mode: 'hosted',
    is_external: false,
    is_public: false,
    preview: lines.slice(0, PREVIEW_LINES).join('\n'),
    lines: lines.length,
    lines_more: Math.max(0, lines.length - PREVIEW_LINES),
  };
}
