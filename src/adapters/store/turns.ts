import { isLate } from '../../chat/waiting.ts';

/**
 * Creates a fair mutex. A call resolves with the function that releases it; null = it was not free
 * within the limit, and the call gives up.
 */
export function createTurns(): (limitMs: number) => Promise<(() => void) | null> {
  let last = Promise.resolve();
  return async (limitMs) => {
    const before = last;
    let end = () => {};
    last = new Promise((resolve) => {
      end = resolve;
    });
    if (!(await isLate(before, limitMs))) return end;
    void before.then(end);
    return null;
  };
}
