/** What the page's server and its client tell each other: plain JSON, so nothing of Node stands here. */

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
  /** The beginning, as text. */
  readonly preview: string;
}

/** A message for all, or one for this person alone. */
export interface Shown {
  readonly kind: 'message' | 'ephemeral';
  /** The ts of a message, the id of an ephemeral one. */
  readonly id: string;
  readonly channel: string;
  readonly ts: string;
  readonly author: string;
  readonly isApp: boolean;
  /** mrkdwn; shown only where there are no blocks. */
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

/** A subcommand as the bot's own help tells it. */
export interface Completion {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
}

/** The workspace as one person sees it. */
export interface Seen {
  readonly me: string;
  readonly people: readonly Person[];
  /** Of everybody and everything that can be mentioned, by id. */
  readonly names: Readonly<Record<string, string>>;
  readonly conversations: readonly Conversation[];
  /** By time, threads among them. */
  readonly shown: readonly Shown[];
  /** The modal on top; null = none is open. */
  readonly modal: SeenView | null;
  readonly home: SeenView | null;
  readonly shortcuts: readonly Shortcut[];
  readonly completions: readonly Completion[];
  /** How the address of a message begins: such a link leads within the page. */
  readonly permalinks: string;
}

/** A machine that logs in, or tries to. */
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
  /** The other counters that are not zero, by column. */
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
  /** What to do; what stands between backticks is typed or pressed. */
  readonly text: string;
  /** To be put into the box of the composer; null = nothing is typed. */
  readonly types: string | null;
  readonly isDone: boolean;
}

export interface Guide {
  readonly says: string;
  /** The bot's own message of the matter; null = it has not noticed yet. */
  readonly alert: { readonly channel: string; readonly ts: string } | null;
  readonly steps: readonly Step[];
}

export interface Incident {
  /** ISO 8601. */
  readonly at: string;
  readonly text: string;
}

/** The world beside the workspace. */
export interface SeenWorld {
  /** `MySQL 9.7.4`; null = it is not up yet. */
  readonly server: string | null;
  /** Whom the levers move; the first is the one to begin with. */
  readonly clients: readonly Client[];
  readonly cache: HostCache;
  readonly incidents: readonly Incident[];
  readonly guide: Guide;
}

/** What an act came to; null = nothing that the person would see fail. */
export interface ActAnswer {
  readonly failure: string | null;
}
