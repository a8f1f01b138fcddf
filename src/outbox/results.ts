import type { Log } from '../chat/log.ts';
import type { Delivery } from './chat.ts';
import type { OutboxStore } from './store.ts';

/** Writes the results of posts to the store, and keeps those that it cannot write at once. */

export type Results = ReturnType<typeof createResults>;

export interface Result {
  readonly id: string;
  readonly delivery: Delivery;
  readonly at: Date;
  /** When to try again, if `delivery` is a `retry`. */
  readonly retryAt: Date;
  /** From then on, another process may take the post. */
  readonly heldUntil: Date;
}

export function createResults(store: OutboxStore, now: () => Date, log: Log) {
  const unwritten = new Set<Result>();

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
        // After its hold expires, another process may be sending it, so it must not be released.
        if (now() < heldUntil) {
          const { mayBeSent, why, isAside = false } = delivery;
          await store.retry(id, { dueAt: retryAt, mayBeSent, isAside, why });
        }
        break;
    }
    unwritten.delete(result);
  }

  return {
    /** Never rejects: a result that cannot be written is kept for `writeKept`. */
    write: async (result: Result) => {
      unwritten.add(result);
      try {
        await write(result);
      } catch (error) {
        const { id } = result;
        const delivery = result.delivery.kind;
        log.error('the result of a post is not stored yet', { id, delivery, error });
      }
    },
    /** Rejects while the store cannot be used. */
    writeKept: async () => {
      for (const result of [...unwritten]) await write(result);
    },
  };
}
