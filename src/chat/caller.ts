/** Who sent a line, and where the answer goes. */
export type Caller =
  | { readonly kind: 'terminal' }
  | {
      readonly kind: 'person';
      readonly user: string;
      readonly channel: string;
      /** The root message of the thread that the click was in; null = the channel itself. */
      readonly thread: string | null;
      /** A button was clicked; absent = a line was typed. */
      readonly isClick?: true;
      /** When the clicked private message was written; absent = the message is not private. */
      readonly shownAt?: Date;
      /** A unique id of this click, line or form; a second request with the same id is a replay. */
      readonly occasion?: string;
    };
