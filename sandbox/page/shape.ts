/** The JSON between the page's server and its client. Nothing here depends on Node. */

/** A block or an element as the app sent it. */
export interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly [field: string]: unknown;
}

export interface Person {
  readonly id: string;
  readonly name: string;
}

export interface Conversation {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'app';
}

export interface SeenFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly bytes: number;
  /** The first 2000 bytes, as text. */
  readonly preview: string;
}

/** A message for everybody in the channel, one for this person only, or a deleted root that has replies. */
export interface Shown {
  readonly kind: 'message' | 'ephemeral' | 'deleted';
  /** The ts of a message, also of a deleted one; the id of an ephemeral one. */
  readonly id: string;
  readonly channel: string;
  readonly ts: string;
  readonly author: string;
  readonly isApp: boolean;
  /** mrkdwn; shown only if there are no blocks. */
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly threadTs: string | null;
  readonly isBroadcast: boolean;
  readonly isEdited: boolean;
  readonly files: readonly SeenFile[];
}

export interface SeenView {
  readonly id: string;
  readonly title: string;
  readonly submit: string | null;
  readonly close: string | null;
  readonly blocks: readonly Block[];
  /** By block id. */
  readonly errors: Readonly<Record<string, string>>;
}

/** A message shortcut of the manifest. */
export interface Shortcut {
  readonly name: string;
  readonly callbackId: string;
}

/** A subcommand, as the bot's help describes it. */
export interface Completion {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
}

/** The workspace as one person sees it. */
export interface Seen {
  readonly me: string;
  readonly people: readonly Person[];
  /** Names of people, channels and user groups by id. */
  readonly names: Readonly<Record<string, string>>;
  readonly conversations: readonly Conversation[];
  /** In order of time, replies in threads included. */
  readonly shown: readonly Shown[];
  /** The modal on top; null = none is open. */
  readonly modal: SeenView | null;
  readonly home: SeenView | null;
  readonly shortcuts: readonly Shortcut[];
  readonly completions: readonly Completion[];
  /** The prefix of the permalinks of messages; such a link stays within the page. */
  readonly permalinks: string;
}

/** A machine from which somebody logs in, or tries to. */
export interface Client {
  readonly address: string;
  readonly host: string;
  readonly account: string;
}

export interface HostCacheRow {
  readonly address: string;
  readonly host: string | null;
  readonly validated: boolean;
  readonly connectErrors: number;
  /** Nonzero COUNT_… columns by name. */
  readonly counters: Readonly<Record<string, number>>;
}

export type HostCache =
  | {
      readonly kind: 'read';
      readonly rows: readonly HostCacheRow[];
      readonly maxConnectErrors: number;
    }
  | { readonly kind: 'unread'; readonly why: string };

export interface Step {
  readonly title: string;
  /** What to do; words between backticks are typed or pressed. */
  readonly text: string;
  /** A line for the composer; null = this step needs no typing. */
  readonly types: string | null;
  readonly isDone: boolean;
}

export interface Guide {
  readonly says: string;
  /** The bot's alert about the task; null = none yet. */
  readonly alert: { readonly channel: string; readonly ts: string } | null;
  readonly steps: readonly Step[];
}

export interface Incident {
  /** ISO 8601. */
  readonly at: string;
  readonly text: string;
}

/** What the page shows beside the workspace: server, levers, host cache, guide. */
export interface SeenWorld {
  /** `MySQL 9.7.4`; null = the server is not up yet. */
  readonly server: string | null;
  /** The machines that the levers act on; the first one is preselected. */
  readonly clients: readonly Client[];
  readonly cache: HostCache;
  readonly incidents: readonly Incident[];
  /** What has started so far, oldest first; the last one is under way. Empty = all parts run. */
  readonly starting: readonly string[];
  readonly guide: Guide;
}

/** The result of an act; null = it worked, as far as the person can see. */
export interface ActAnswer {
  readonly failure: string | null;
}
