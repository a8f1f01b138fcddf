import type { LeaseParts } from '../chat/lease.ts';
import type { Wait } from '../chat/waiting.ts';
import type { Target } from '../diagnosis/gather.ts';
import type { PostState, RootMessage } from '../outbox/store.ts';
import type { Flusher, FlushView } from './flusher.ts';
import type { FlushState } from './request.ts';
import type { FlushStore } from './stores.ts';

/** What the flush feature works with. */

/** A server with what is needed to flush it. */
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
  /** Called when a post was queued. */
  readonly wake: () => void;
  /** Called for each finished request, for the metrics. */
  readonly flushed?: (server: string, result: FlushState) => void;
  /** The members of these people and groups, never cached; null = could not be read, so nobody can approve. */
  readonly membersOf: (ids: readonly string[]) => Promise<readonly string[] | null>;
  /** Whether both ids belong to one person; null = not known. */
  readonly isSamePerson: (one: string, other: string) => Promise<boolean | null>;
  /** Whether the person is among these people and groups, under any id; null = not known. */
  readonly isAmong: (user: string, ids: readonly string[]) => Promise<boolean | null>;
  /** The Slack message of a request's card; null = not posted yet. */
  readonly cardOf: (id: string) => Promise<RootMessage | null>;
  /** A link to a request's card; null = not posted yet, or unknown. */
  readonly linkTo: (id: string) => Promise<string | null>;
  /** Whether the card was posted, and somebody has deleted it; false = not known. */
  readonly isDeleted: (id: string) => Promise<boolean>;
  /** null = there is no such post. */
  readonly postState: (id: string) => Promise<PostState | null>;
  /** Tests hand in their own. */
  readonly wait?: Wait;
  /** Runs in the background; the process waits for it before it exits. */
  readonly inBackground: (work: Promise<void>) => void;
}
