import { isLate } from '../../chat/waiting.ts';

/**
 * One at a time, in the order in which they ask. Resolves with the function that ends the turn;
 * null: it did not come within the limit, and is given up.
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
