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
  | {
      readonly kind: 'sent';
      /** Identifies the message; for a file, it is whatever id the platform uses. */
      readonly ts: string;
      /** Where it is, if the platform chose that: the direct messages with a person. */
      readonly channel?: string;
      /** The form that was sent; absent = the whole message, or it is not known. */
      readonly form?: Form;
    }
  | Undelivered;

/**
 * How much of a message is sent: everything; its tables and charts as text; or one line, without
 * buttons. For messages that the platform cannot render.
 */
export type Form = (typeof FORMS)[number];

export const FORMS = ['whole', 'without tables', 'one line'] as const;

export type Undelivered =
  /** To be sent again. */
  | {
      readonly kind: 'retry';
      readonly why: string;
      /** No answer came, or a fault after the platform accepted it: search before sending it again. */
      readonly mayBeSent: boolean;
      /** The pause that the platform asks for; null = it names none. */
      readonly afterMs: number | null;
      /** Others may be accepted, so they need not wait for this one. */
      readonly isAside?: true;
    }
  | {
      readonly kind: 'refused';
      readonly why: string;
      /** The platform's own code: `not_in_channel`. */
      readonly code: string;
      /**
       * `content`: this content is never accepted. `gone`: the message to edit, or the root of the
       * thread, was deleted. `outside`: it passes, or people can fix it, for example by inviting the
       * bot; then the same post is accepted.
       */
      readonly cause: 'content' | 'gone' | 'outside';
    };

export interface NewMessage {
  readonly channel: string;
  readonly message: Message;
  /** Default: the whole message. */
  readonly form?: Form;
  readonly key: string;
  /** The root message of its thread; null = the channel itself. */
  readonly thread: string | null;
  /** Whether the channel shows the reply too. */
  readonly isBroadcast: boolean;
}

export interface Edit extends RootMessage {
  readonly message: Message;
  /** Default: the whole message. */
  readonly form?: Form;
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
