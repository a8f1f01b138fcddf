import type { Message } from '../chat/message.ts';

/** A message that nobody asked for, stored before it is sent, in one transaction with its subject. */
export interface Post {
  /** Unique, never reused; sent with the message as its key. */
  readonly id: string;
  readonly channel: string;
  /** What it is about: an alert (`AL-7`), a flush request (`FR-1042`). Has one root message. */
  readonly subject: string;
  readonly content: PostContent;
  readonly queuedAt: Date;
}

export type PostContent =
  /** The root message of the subject; posted once. */
  | ({ readonly kind: 'root'; readonly message: Message } & Threaded)
  /** A new text for the root message; a later edit replaces an earlier one. */
  | { readonly kind: 'edit'; readonly message: Message }
  /** Into the thread of the root message; with `isBroadcast` the channel shows it too. */
  | ({
      readonly kind: 'reply';
      readonly message: Message;
      readonly isBroadcast: boolean;
    } & Threaded)
  | ({ readonly kind: 'file'; readonly name: string; readonly text: string } & Threaded);

interface Threaded {
  /**
   * A message of another subject: all posts of this one go to its thread, and the channel shows the
   * root too. Absent = the root goes to the channel, the others to the root's own thread.
   */
  readonly thread?: string;
}

/** A post that a process has taken to send it. */
export interface TakenPost extends Post {
  /** How many times its sending was begun before. */
  readonly attempts: number;
  /** Its sending was begun, with no known result: search for it before sending it again. */
  readonly wasBegun: boolean;
  /** The root message of the subject; null = none, because it is not posted yet or was refused. */
  readonly root: RootMessage | null;
}

export interface RootMessage {
  readonly channel: string;
  readonly ts: string;
}

/**
 * The posts that are not sent yet; several processes may share them. Each call is one transaction.
 * A post that has ended (sent, refused, replaced) does not change, whatever is reported later.
 */
export interface OutboxStore {
  /**
   * The oldest post of each channel, if it is due and nobody holds it, this holder included; while
   * it waits or is held, its channel waits. The holder has the posts until `untilAt`. Two kinds of
   * post are skipped, so that they delay no others: one whose root is not sent yet (in another
   * channel); and, permanently, an edit that is not begun and has a later edit of its subject.
   */
  take(holder: string, now: Date, untilAt: Date): Promise<readonly TakenPost[]>;
  /**
   * Called right before each sending: adds 1 to `attempts`, sets `wasBegun`, and extends the hold to
   * `untilAt`. False = nothing changed, because it has ended or another holder has it now.
   */
  begin(id: string, holder: string, untilAt: Date): Promise<boolean>;
  /**
   * It was sent as this message. If the subject has no root message yet, the message of a root or
   * an edit becomes it, in the post's channel. An edit ends all earlier edits of its subject.
   */
  sent(id: string, ts: string, at: Date): Promise<void>;
  /** Any process may send it again; with `mayBeSent`, it searches for the post first. */
  retry(id: string, dueAt: Date, mayBeSent: boolean, why: string): Promise<void>;
  /** It was given up; it is kept for people to see. Posts after a refused root have `root` null. */
  refused(id: string, why: string, at: Date): Promise<void>;
  /** When `take` may next return a post: due and no longer held; null = nothing is left to send. */
  nextDueAt(): Promise<Date | null>;
  /** null = it has none. */
  rootOf(subject: string): Promise<RootMessage | null>;
}
