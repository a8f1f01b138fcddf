/** Messages as data. Each output adds its own markup, so the text in them cannot become markup. */

export type Span =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'bold'; readonly text: string }
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'channel'; readonly id: string }
  /** To a page that the platform itself named; never to something that a person typed. */
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  | { readonly kind: 'time'; readonly at: Date };

export type Spans = readonly Span[];

export type Block =
  /** With a sign, its text begins with the state in words. */
  | { readonly kind: 'heading'; readonly text: string; readonly sign?: Sign }
  | { readonly kind: 'text'; readonly spans: Spans }
  /** Smaller print: sources, gaps, when it was read. */
  | { readonly kind: 'note'; readonly spans: Spans }
  /** Notifies these people and user groups, by id; only a new message does, never an edit. */
  | { readonly kind: 'call'; readonly ids: readonly string[] }
  /** A statement or a saved text to copy; shown verbatim. */
  | { readonly kind: 'statement'; readonly text: string }
  /** At most one in a message; Slack draws it at the bottom. */
  | ({ readonly kind: 'table' } & Table)
  /** What it shows must also be said in words, for people who cannot see it. */
  | ({ readonly kind: 'chart' } & Chart)
  | {
      readonly kind: 'buttons';
      readonly buttons: readonly Button[];
      readonly links?: readonly LinkButton[];
    };

/**
 * Pictures of states, for people who look over a channel; each stands before the state in words. A
 * screen reader reads its name. Characters, because only they are drawn where `:name:` is not.
 */
export const SIGNS = {
  firing: '🔴',
  acknowledged: '👀',
  silenced: '🔕',
  waiting: '⏳',
  running: '🔄',
  done: '✅',
  failed: '❌',
  uncertain: '❓',
  rejected: '🚫',
  expired: '⌛',
  replaced: '🔁',
} as const;

export type Sign = keyof typeof SIGNS;

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Column {
  readonly label: string;
  readonly align: 'left' | 'right';
}

/** One cell per column. */
export type Row = readonly string[];

/** Counts over time, one bin after the other. */
export interface Chart {
  readonly title: string;
  /** One per bin, all different. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
}

export interface Series {
  readonly name: string;
  /** One per label; null = not known. */
  readonly values: readonly (number | null)[];
}

/** Runs its command line with the rights of the person who clicks. */
export interface Button {
  readonly label: string;
  /** Without `/hostcache`: `why 192.0.2.7 on main publicly`. */
  readonly line: string;
  /** The whole action in words, for a screen reader. */
  readonly says: string;
  readonly style?: 'primary' | 'danger';
  /** A private answer replaces the private message that has this button: "Check again". */
  readonly replaces?: boolean;
  /** Less often needed: in a menu with the others of its kind, where the platform has menus. */
  readonly inMenu?: true;
  readonly confirm?: {
    readonly title: string;
    readonly text: string;
    readonly yes: string;
    readonly no: string;
  };
}

/** Opens a page. */
export interface LinkButton {
  readonly label: string;
  readonly url: string;
  /** The whole action in words, for a screen reader. */
  readonly says: string;
}

export interface Message {
  /** The verdict in one plain line, for screen readers and notifications. */
  readonly headline: string;
  readonly blocks: readonly Block[];
}

/** Joins strings and spans: ``text('blocked since ', time(at))``. */
export function text(...parts: readonly (string | Span)[]): Spans {
  return parts.map((part) => (typeof part === 'string' ? { kind: 'plain', text: part } : part));
}

export function code(value: string): Span {
  return { kind: 'code', text: value };
}

export function bold(value: string): Span {
  return { kind: 'bold', text: value };
}

/** A person or a user group by id; drawn as a mention, which notifies them. */
export function user(id: string): Span {
  return { kind: 'user', id };
}

/** A channel by id; drawn with its name if the platform supports that. */
export function channel(id: string): Span {
  return { kind: 'channel', id };
}

export function link(words: string, url: string): Span {
  return { kind: 'link', text: words, url };
}

/** A time, shown in the reader's own zone if the platform supports that. */
export function time(at: Date): Span {
  return { kind: 'time', at };
}

export function paragraph(...parts: readonly (string | Span)[]): Block {
  return { kind: 'text', spans: text(...parts) };
}

export function note(...parts: readonly (string | Span)[]): Block {
  return { kind: 'note', spans: text(...parts) };
}

/** `For: @oncall @alice`. */
export function callSpans(ids: readonly string[]): Spans {
  return text('For:', ...ids.flatMap((id) => [' ', user(id)]));
}

/** The message for people who were called already. */
export function withoutCalls({ headline, blocks }: Message): Message {
  return { headline, blocks: blocks.filter(({ kind }) => kind !== 'call') };
}

/** A message that begins with its headline. */
export function headed(headline: string, blocks: readonly Block[]): Message {
  return { headline, blocks: [paragraph(bold(headline)), ...blocks] };
}

/** A message of one line. */
export function sentence(says: string | Spans): Message {
  const spans = typeof says === 'string' ? text(says) : says;
  return { headline: plain(spans), blocks: [{ kind: 'text', spans }] };
}

/** Spans as text for notifications and the audit: a user or a channel is its id, a time is ISO 8601. */
export function plain(spans: Spans): string {
  return spans
    .map((span) => {
      if (span.kind === 'user' || span.kind === 'channel') return span.id;
      return span.kind === 'time' ? span.at.toISOString() : span.text;
    })
    .join('');
}
