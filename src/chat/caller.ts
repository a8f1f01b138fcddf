/** Who speaks, and where the answer goes. */
export type Caller =
  | { readonly kind: 'terminal' }
  | {
      readonly kind: 'person';
      readonly user: string;
      readonly channel: string;
      /** The message in whose thread a click was made; null = the channel itself. */
      readonly thread: string | null;
      /** A button was clicked; left out where a line was typed. */
      readonly isClick?: true;
      /** When the private message was written that a click was made in; left out where it is not private. */
      readonly shownAt?: Date;
      /** Names this one act among all: the same once more is a replay. */
      readonly occasion?: string;
    };
