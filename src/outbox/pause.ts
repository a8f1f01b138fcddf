/** A wait that can be ended early. */
export interface Pause {
  wait(ms: number): Promise<void>;
  /** Ends every wait; where none is under way, the next one. */
  end(): void;
  /** From now on nobody waits. */
  close(): void;
  isClosed(): boolean;
}

export function createPause(): Pause {
  const waiting = new Set<() => void>();
  let isOwed = false;
  let isClosed = false;
  function end(): void {
    isOwed = waiting.size === 0;
    for (const wake of [...waiting]) wake();
  }
  return {
    wait: async (ms) => {
      const isOver = isClosed || isOwed || ms <= 0;
      isOwed = false;
      if (isOver) return;
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        waiting.add(wake);
      });
    },
    end,
    close: () => {
      isClosed = true;
      end();
    },
    isClosed: () => isClosed,
  };
}
