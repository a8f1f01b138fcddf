/** A wait, a time limit, and work on many items with a limit. Uses timers. */

/** Resolves after `ms`, or as soon as the signal aborts. Never rejects. */
export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

export const pause: Wait = (ms, signal) => {
  if (ms <= 0 || signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
};

/**
 * The result of the work, or what `late` returns or throws once the limit has passed. A later
 * result or rejection of the work is ignored. Tests with their own clock pass their own `wait`.
 */
export async function within<T, L>(
  work: Promise<T>,
  limitMs: number,
  late: () => L,
  wait?: Wait,
): Promise<T | L> {
  const limit = wait === undefined ? startTimer(limitMs) : startWait(limitMs, wait);
  const result = work.then((value) => ({ value }));
  try {
    const first = await Promise.race([result, limit.isOver]);
    return first === undefined ? late() : first.value;
  } finally {
    limit.cancel();
  }
}

interface Limit {
  readonly isOver: Promise<void>;
  cancel(): void;
}

/** Without a signal, which takes longer than the rest of a query. `isOver` stays open if cancelled. */
function startTimer(ms: number): Limit {
  let timer: NodeJS.Timeout;
  const isOver = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return { isOver, cancel: () => clearTimeout(timer) };
}

function startWait(ms: number, wait: Wait): Limit {
  const isDone = new AbortController();
  // Without a reason it would make an error with a stack, each time.
  return { isOver: wait(ms, isDone.signal), cancel: () => isDone.abort(null) };
}

/** Whether the work takes longer than `limitMs`. Rejects as the work does. */
export function isLate(work: Promise<unknown>, limitMs: number, wait?: Wait): Promise<boolean> {
  const inTime = work.then(() => false);
  return within(inTime, limitMs, () => true, wait);
}

/** The results, in the order of the items; at most `limit` items are worked on at once. */
export async function mapAtOnce<T, R>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  // The workers share one iterator; to shift a long array would copy it each time.
  const waiting = items.entries();
  const next = async () => {
    for (const [at, item] of waiting) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, next));
  return results;
}

/** Runs each work as soon as fewer than `limit` of them run; the others wait in their order. */
export function createLimit(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
