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
    };
