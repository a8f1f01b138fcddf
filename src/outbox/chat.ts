import type { Message } from '../chat/message.ts';
import type { RootMessage } from './store.ts';

/** The port for messages that nobody asked for. Never rejects: each fault is a `Delivery`. */
export interface Chat {
  /** `key` is sent with the message, so that `find` can find it. */
  post(message: NewMessage): Promise<Delivery>;
  /** An edit has no key, because making it twice does no harm. */
  edit(edit: Edit): Promise<Delivery>;
  upload(upload: Upload): Promise<Delivery>;
  /**
   * Whether the message or file with this key was sent; null = it was not. `refused` = the search is
   * not possible, for example without the scope to read the channel, or with too many messages in it.
   */
  find(search: Search): Promise<Delivery | null>;
}

/** The result of sending. */
export type Delivery =
  /** `ts` identifies the message; for a file, it is whatever id the platform uses. */
  { readonly kind: 'sent'; readonly ts: string } | Undelivered;

export type Undelivered =
  /** To be sent again. */
  | {
      readonly kind: 'retry';
      readonly why: string;
      /** No answer came, or a fault after the platform accepted it: search before sending it again. */
      readonly mayBeSent: boolean;
      /** The pause that the platform asks for; null = it names none. */
      readonly afterMs: number | null;
    }
  /** Refused: for example, the bot is not a member, or the message is gone. */
  | {
      readonly kind: 'refused';
      readonly why: string;
      /** The platform's own code: `not_in_channel`. */
      readonly code: string;
      /** People can fix it, for example by inviting the bot; then the same post is accepted. */
      readonly mayPass: boolean;
    };

export interface NewMessage {
  readonly channel: string;
  readonly message: Message;
  readonly key: string;
  /** The root message of its thread; null = the channel itself. */
  readonly thread: string | null;
  /** Whether the channel shows the reply too. */
  readonly isBroadcast: boolean;
}

export interface Edit extends RootMessage {
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
  /** The message was not sent before this time. */
  readonly sinceAt: Date;
}
