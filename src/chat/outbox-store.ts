import type { Message } from './message.ts';

/** Something to be said unasked: stored before it is sent, in one transaction with what it tells of. */
export interface Parcel {
  /** Unique for ever; travels with the message as its key. */
  readonly id: string;
  readonly channel: string;
  /** What it tells of: an alert (`AL-7`), a flush request (`FR-1042`). Has one root message. */
  readonly subject: string;
  readonly content: ParcelContent;
  readonly queuedAt: Date;
}

export type ParcelContent =
  /** The root message of the subject; posted once. */
  | { readonly kind: 'root'; readonly message: Message }
  /** A new text for the root message; a later one makes an earlier one needless. */
  | { readonly kind: 'edit'; readonly message: Message }
  /** Into the thread of the root message; `isBroadcast`: the channel shows it too. */
  | { readonly kind: 'reply'; readonly message: Message; readonly isBroadcast: boolean }
  | { readonly kind: 'file'; readonly name: string; readonly text: string };

/** A parcel that somebody has taken to send. */
export interface TakenParcel extends Parcel {
  /** How often sending was begun before. */
  readonly attempts: number;
  /** A sending was begun and its end is not known: look for it before it is sent again. */
  readonly wasBegun: boolean;
  /** The root message of the subject; null = not posted yet. */
  readonly root: RootMessage | null;
}

export interface RootMessage {
  readonly channel: string;
  readonly ts: string;
}

/** What is still to be said; several processes may share it. Each call is one transaction. */
export interface OutboxStore {
  /**
   * The oldest parcel of each channel that is due and that nobody else holds; an edit or a reply
   * only when its root is posted. They are the holder's until `untilAt`.
   */
  take(holder: string, now: Date, untilAt: Date): Promise<readonly TakenParcel[]>;
  /** Said, as this message. A root's ts becomes the subject's; an edit ends all earlier edits. */
  sent(id: string, ts: string, at: Date): Promise<void>;
  /** To be tried again; `wasBegun`: it may have been said. */
  later(id: string, dueAt: Date, wasBegun: boolean, why: string): Promise<void>;
  /** Given up; kept for people to see. */
  refused(id: string, why: string, at: Date): Promise<void>;
  /** When the next parcel is due; null = there is none. */
  nextDueAt(now: Date): Promise<Date | null>;
  rootOf(subject: string): Promise<RootMessage | null>;
}
