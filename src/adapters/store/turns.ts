/** One at a time, first come first served; who waits too long gives up its place. */
export interface Turns {
  /** True: it is this caller's turn, until `done`. False: the wait was over the limit. */
  wait(limitMs: number): Promise<boolean>;
  done(): void;
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  let isTaken = false;
  return {
    wait: async (limitMs) => {
      if (!isTaken) {
        isTaken = true;
        return true;
      }
      return await new Promise<boolean>((resolve) => {
        const enter = () => {
          clearTimeout(timer);
          resolve(true);
        };
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(enter), 1);
          resolve(false);
        }, limitMs);
        waiting.push(enter);
      });
    },
    done: () => {
      const next = waiting.shift();
      if (next === undefined) isTaken = false;
      else next();
    },
  };
}
