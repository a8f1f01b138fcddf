import type { Log } from '../chat/log.ts';
import type { Delivery } from './chat.ts';
import type { OutboxStore } from './store.ts';

/** Writes to the store what became of posts, and keeps what the store does not take at once. */

export interface Results {
  /** Never rejects: what cannot be written now is kept for `writeKept`. */
  write(result: Result): Promise<void>;
  /** Rejects while the store is away. */
  writeKept(): Promise<void>;
}

export interface Result {
  readonly id: string;
  readonly delivery: Delivery;
  readonly at: Date;
  /** When to try again, if that is what became of it. */
  readonly retryAt: Date;
  /** From then on somebody else may have it. */
  readonly heldUntil: Date;
}

export function createResults(store: OutboxStore, now: () => Date, log: Log): Results {
  const kept = new Set<Result>();

  async function write(result: Result): Promise<void> {
    const { id, delivery, at, retryAt, heldUntil } = result;
    switch (delivery.kind) {
      case 'sent':
        await store.sent(id, delivery.ts, at);
        break;
      case 'refused':
        await store.refused(id, delivery.why, at);
        break;
      case 'retry':
        // Past its hold it may be on its way elsewhere, and must not be freed under that hand.
        if (now() < heldUntil) await store.retry(id, retryAt, delivery.mayBeSent, delivery.why);
        break;
    }
    kept.delete(result);
  }

  return {
    write: async (result) => {
      kept.add(result);
      try {
        await write(result);
      } catch (error) {
        const { id, delivery } = result;
        log.error('what became of a post is not written down yet', {
          id,
          delivery: delivery.kind,
          error,
        });
      }
    },
    writeKept: async () => {
      for (const result of [...kept]) await write(result);
    },
  };
}
