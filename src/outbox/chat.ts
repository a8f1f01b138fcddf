import type { Message } from '../chat/message.ts';

/** The port to a chat platform, for what is said unasked. Never rejects: each fault is a `Delivery`. */
export interface Chat {
  /** `key` travels with the message, so that it can be found again. */
  post(message: NewMessage): Promise<Delivery>;
  /** The same edit twice is as good as once, so it carries no key. */
  edit(edit: Edit): Promise<Delivery>;
  upload(upload: Upload): Promise<Delivery>;
  /**
   * Whether the message or file with this key was sent; null = it was not. `refused`: it cannot be
   * looked for, as without the scope to read the channel, or where too much stands in it.
   */
  find(search: Search): Promise<Delivery | null>;
}

/** What became of a sending. */
export type Delivery =
  /** `ts`: of a file, whatever the platform knows it by. */
  { readonly kind: 'sent'; readonly ts: string } | Undelivered;

export type Undelivered =
  /** To be tried again. */
  | {
      readonly kind: 'retry';
      readonly why: string;
      /** No answer came, or a fault after the platform took it: look for it before it is sent again. */
      readonly mayBeSent: boolean;
      /** The pause that the platform asks for; null = it does not say. */
      readonly afterMs: number | null;
    }
  /** Refused as it is: not a member, a message that is gone. */
  | {
      readonly kind: 'refused';
      readonly why: string;
      /** The platform's own: `not_in_channel`. */
      readonly code: string;
      /** People can fix it, as by inviting the bot; then the same is taken. */
      readonly mayPass: boolean;
    };

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
