import type { LeaseParts } from '../chat/lease.ts';
import type { Target } from '../diagnosis/gather.ts';
import type { RootMessage } from '../outbox/store.ts';
import type { Flusher, FlushView } from './flusher.ts';
import type { FlushState } from './request.ts';
import type { FlushStore } from './stores.ts';

/** What flush requests work with, from the question to the end. */

/** A server that can be flushed, or why not. */
export interface FlushTarget extends Target {
  readonly view: FlushView;
  /** null: MYSQL_FLUSH_URL is not set. */
  readonly flusher: Flusher | null;
  readonly channel: string;
  /** Ids of people and groups. */
  readonly approvers: readonly string[];
}

export interface FlushParts extends LeaseParts {
  readonly targets: readonly FlushTarget[];
  readonly flushes: FlushStore;
  readonly requestTtlMs: number;
  /** Called when something was stored that is to be told. */
  readonly wake: () => void;
  /** Called with each flush that ended, for the metrics. */
  readonly flushed?: (server: string, result: FlushState) => void;
  /** The people behind ids of people and groups, read fresh; null: could not be read, so nobody. */
  readonly membersOf: (ids: readonly string[]) => Promise<readonly string[] | null>;
  /** The message that is a request's card; null = not posted yet. */
  readonly cardOf: (id: string) => Promise<RootMessage | null>;
  /** The address of a request's card; null = not posted yet, or not to be learnt. */
  readonly linkTo: (id: string) => Promise<string | null>;
  /** Goes on in the background; the process ends only after it. */
  readonly inBackground: (work: Promise<void>) => void;
}
