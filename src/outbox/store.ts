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
  /** It goes ahead of other posts in its channel. */
  readonly isUrgent?: true;
}

export type PostContent =
  /** The root message of the subject; posted once. */
  | ({
      readonly kind: 'root';
      readonly message: Message;
      /** A time that is counted from when the message is sent, which it says: `until …`. */
      readonly deadline?: { readonly says: string; readonly afterMs: number };
    } & Threaded)
  /** A new text for the root message; a later edit replaces an earlier one. */
  | {
      readonly kind: 'edit';
      readonly message: Message;
      /** Posted as a new root message if the root was deleted. */
      readonly replacesDeleted?: true;
    }
  /** Into the thread of the root message; with `isBroadcast` the channel shows it too. */
  | ({
      readonly kind: 'reply';
      readonly message: Message;
      readonly isBroadcast: boolean;
      /** It contains several replies that waited; each begins with its time. */
      readonly isMerged?: true;
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
  /** How many times it was sent again because the result was not known. */
  readonly repeats: number;
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
   * The next post of each channel: an urgent one, otherwise the oldest, if it is due and nobody
   * holds it, this holder included; while it waits or is held, its channel waits. The holder has the
   * posts until `untilAt`. Three kinds of post delay no others: one whose root is not sent yet (in
   * another channel); one that was set aside, which is taken when no other is due; and an edit that
   * is not begun and has a later edit of its subject, which is never taken.
   */
  take(holder: string, now: Date, untilAt: Date): Promise<readonly TakenPost[]>;
  /**
   * Called right before each sending: adds 1 to `attempts`, and to `repeats` if `wasBegun`; sets
   * `wasBegun`, and extends the hold to `untilAt`. False = nothing changed, because it has ended or
   * another holder has it now.
   */
  begin(id: string, holder: string, untilAt: Date): Promise<boolean>;
  /**
   * It was sent as this message. The message of an edit, or of a root if the subject has none yet,
   * becomes the root message, in the post's channel. An edit ends all earlier edits of its subject.
   * When the card of a flush request is sent, the time to approve it begins.
   */
  sent(id: string, ts: string, at: Date): Promise<void>;
  /** Any process may send it again; with `mayBeSent`, it searches for the post first. */
  retry(id: string, again: Again): Promise<void>;
  /** It was given up; it is kept for people to see. Posts after a refused root have `root` null. */
  refused(id: string, why: string, at: Date): Promise<void>;
  /** When `take` may next return a post: due and no longer held; null = nothing is left to send. */
  nextDueAt(): Promise<Date | null>;
  /** null = it has none. */
  rootOf(subject: string): Promise<RootMessage | null>;
  /** Whether a post is sent, and why not; null = there is no such post. */
  stateOf(id: string): Promise<PostState | null>;
}

export interface Again {
  readonly dueAt: Date;
  readonly mayBeSent: boolean;
  /** Other posts of its channel go ahead of it from now on. */
  readonly isAside: boolean;
  readonly why: string;
}

export interface PostState {
  /** `needless`: a later post contains it. */
  readonly state: 'waiting' | 'sent' | 'refused' | 'needless';
  /** Why it is not sent yet, or was refused; null = it was not tried yet, or it was sent. */
  readonly why: string | null;
}
