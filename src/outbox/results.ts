import type { Log } from '../chat/log.ts';
import type { Outcome } from './outcome.ts';
import type { OutboxStore } from './store.ts';

/** What became of posts, kept until the store has taken it: a store that is away loses nothing. */

export interface Ledger {
  /** Never rejects: what the store does not take now is kept for `settle`. */
  enter(entry: Entry): Promise<void>;
  /** Rejects while the store is away. */
  settle(): Promise<void>;
}

export interface Entry {
  readonly id: string;
  readonly outcome: Outcome;
  /** From then on somebody else may have it. */
  readonly heldUntil: Date;
}

export function createLedger(store: OutboxStore, now: () => Date, log: Log): Ledger {
  const open = new Set<Entry>();

  async function write(entry: Entry): Promise<void> {
    const { id, outcome, heldUntil } = entry;
    switch (outcome.kind) {
      case 'sent':
        await store.sent(id, outcome.ts, outcome.at);
        break;
      case 'refused':
        await store.refused(id, outcome.why, outcome.at);
        break;
      case 'later':
        // Past its hold it may be on its way elsewhere, and must not be freed under that hand.
        if (now() < heldUntil) await store.later(id, outcome.dueAt, outcome.wasBegun, outcome.why);
        break;
      case 'left':
        break;
    }
    open.delete(entry);
  }

  return {
    enter: async (entry) => {
      open.add(entry);
      try {
        await write(entry);
      } catch (error) {
        const { id, outcome } = entry;
        log.error('what became of a post is not written down yet', {
          id,
          outcome: outcome.kind,
          error,
        });
      }
    },
    settle: async () => {
      for (const entry of [...open]) await write(entry);
    },
  };
}
