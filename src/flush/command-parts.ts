import type { RootMessage } from '../outbox/store.ts';
import type { FlushParts, FlushTarget } from './flush.ts';

/** What the subcommands about flushes need. */
export interface FlushCommandParts extends FlushParts {
  readonly targets: readonly FlushTarget[];
  /** The people behind ids of people and groups, read fresh; null: could not be read, so nobody. */
  readonly membersOf: (ids: readonly string[]) => Promise<readonly string[] | null>;
  /** The message that is a request's card; null = not posted yet. */
  readonly cardOf: (id: string) => Promise<RootMessage | null>;
  /** The address of a request's card; null = not posted yet, or not to be learnt. */
  readonly linkTo: (id: string) => Promise<string | null>;
  /** Goes on in the background; the process ends only after it. */
  readonly inBackground: (work: Promise<void>) => void;
}
