import type { Message } from '../chat/message.ts';

/** Something to be said unasked: stored before it is sent, in one transaction with what it tells of. */
export interface Post {
  /** Unique for ever; travels with the message as its key. */
  readonly id: string;
  readonly channel: string;
  /** What it tells of: an alert (`AL-7`), a flush request (`FR-1042`). Has one root message. */
  readonly subject: string;
  readonly content: PostContent;
  readonly queuedAt: Date;
}

export type PostContent =
  /** The root message of the subject; posted once. */
  | ({ readonly kind: 'root'; readonly message: Message } & Threaded)
  /** A new text for the root message; a later one makes an earlier one needless. */
  | { readonly kind: 'edit'; readonly message: Message }
  /** Into the thread of the root message; `isBroadcast`: the channel shows it too. */
  | ({
      readonly kind: 'reply';
      readonly message: Message;
      readonly isBroadcast: boolean;
    } & Threaded)
  | ({ readonly kind: 'file'; readonly name: string; readonly text: string } & Threaded);

interface Threaded {
  /**
   * The message of another subject in whose thread all of this one stands, the root too, which the
   * channel then shows as well; left out = the channel, and the root's own thread.
   */
  readonly thread?: string;
}

/** A post that somebody has taken to send. */
export interface TakenPost extends Post {
  /** How often sending was begun before. */
  readonly attempts: number;
  /** A sending was begun and its end is not known: look for it before it is sent again. */
  readonly wasBegun: boolean;
  /** The root message of the subject; null = there is none: not posted yet, or it was refused. */
  readonly root: RootMessage | null;
}

export interface RootMessage {
  readonly channel: string;
  readonly ts: string;
}

/**
 * What is still to be said; several processes may share it. Each call is one transaction. What
 * has ended (said, refused, made needless) stays as it is, whatever is reported of it later.
 */
export interface OutboxStore {
  /**
   * The oldest post of each channel, where it is due and nobody holds it, the asking holder
   * neither; while it waits or is held, its channel waits. They are the holder's until `untilAt`.
   * Passed over, so that they hold up nobody: what follows a root that is itself still to be said
   * (in another channel); and, for good, an edit not begun that has a later edit of its subject.
   */
  take(holder: string, now: Date, untilAt: Date): Promise<readonly TakenPost[]>;
  /**
   * Called right before each sending: one attempt more, `wasBegun` from now on, the holder's until
   * `untilAt`. False, and nothing changed: it has ended, or somebody else holds it now.
   */
  begin(id: string, holder: string, untilAt: Date): Promise<boolean>;
  /**
   * Said, as this message. Where the subject has no root message yet, that of a root or an edit
   * becomes it, in the post's channel; an edit ends all earlier edits of its subject.
   */
  sent(id: string, ts: string, at: Date): Promise<void>;
  /** To be tried again, by anybody; `mayBeSent`: looked for first. */
  retry(id: string, dueAt: Date, mayBeSent: boolean, why: string): Promise<void>;
  /** Given up; kept for people to see. What follows a refused root is given with `root` null. */
  refused(id: string, why: string, at: Date): Promise<void>;
  /** When `take` may next give something: due, and no longer held; null = nothing is to be said. */
  nextDueAt(now: Date): Promise<Date | null>;
  rootOf(subject: string): Promise<RootMessage | null>;
}
