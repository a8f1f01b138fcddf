// Waits for an answer, and no longer than so.
import { setTimeout as sleep } from 'node:timers/promises';

/** What the work came to, or null where it took longer; its later end, good or bad, is nobody's. */
export async function within<T>(work: Promise<T>, limitMs: number): Promise<T | null> {
  const patience = new AbortController();
  const late = sleep(limitMs, null, { signal: patience.signal }).catch(() => null);
  // Whoever waited has gone by then.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    patience.abort();
  }
}
