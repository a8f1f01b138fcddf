import type { Message } from '../chat/message.ts';

/** The port to a chat platform, for what is said unasked. Never rejects: each fault is a kind of delivery. */
export interface Chat {
  /** `key` travels with the message, so that it can be found again. */
  post(message: NewMessage): Promise<Delivery>;
  /** The same edit twice is as good as once, so it carries no key. */
  edit(edit: Edit): Promise<Delivery>;
  upload(upload: Upload): Promise<Delivery>;
  /** The message or file that carries this key; where it cannot be looked for, that is said. */
  find(search: Search): Promise<FoundMessage>;
}

export interface NewMessage {
  readonly channel: string;
  readonly message: Message;
  readonly key: string;
  /** The root message in whose thread it stands; null = the channel itself. */
  readonly thread: string | null;
  /** A reply that the channel shows too. */
  readonly isBroadcast: boolean;
}

export interface Edit {
  readonly channel: string;
  readonly ts: string;
  readonly message: Message;
}

export interface Upload {
  readonly channel: string;
  readonly thread: string;
  readonly name: string;
  readonly content: string;
  readonly key: string;
}

export interface Search {
  readonly channel: string;
  readonly thread: string | null;
  readonly key: string;
  /** It was sent no earlier. */
  readonly sinceAt: Date;
}

export type FoundMessage =
  | { readonly kind: 'found'; readonly ts: string }
  | { readonly kind: 'absent' }
  /** It cannot be looked for here: no scope to read the channel, or too much stands in it. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** The platform did not answer; null = it did not say when to look again. */
  | {
      readonly kind: 'unanswered';
      readonly why: string;
      readonly retryAfterMs: number | null;
    };

export type Delivery =
  /** `ts`: of a file, whatever the platform knows it by. */
  | { readonly kind: 'sent'; readonly ts: string }
  /** Nothing was said; ask again after so long. */
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  /** Nothing was said: the platform was out of reach. */
  | { readonly kind: 'unsent'; readonly why: string }
  /** It may have been said: no answer, or a fault after the platform took it. */
  | { readonly kind: 'ambiguous'; readonly why: string }
  /** It will not be said so: not a member, a message that is gone. `mayPass`: people can mend it. */
  | { readonly kind: 'refused'; readonly why: string; readonly mayPass?: boolean };
