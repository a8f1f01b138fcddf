// Waits until it is told to end, or until whoever started it is gone; asks the world.
import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 1000;

/** Behind `npm run` stand tsx, a shell and npm, then whoever started that. */
const GENERATIONS = { alone: 1, npm: 4 };

/** Resolves at the first SIGTERM, SIGINT or SIGHUP, or when whoever started this has ended. */
export function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    const before = ancestors().join();
    const timer = setInterval(() => {
      if (ancestors().join() !== before) end();
    }, LOOK_EVERY_MS);
    const end = () => {
      clearInterval(timer);
      resolve();
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, end);
  });
}

/** The nearest first; one that ends leaves its child to another, so that the list changes. */
function ancestors(): readonly number[] {
  const isNpm = process.env['npm_lifecycle_event'] === 'demo';
  const chain = [process.ppid];
  while (chain.length < (isNpm ? GENERATIONS.npm : GENERATIONS.alone)) {
    const parent = parentOf(chain.at(-1) ?? 0);
    if (parent === null || parent <= 1) break;
    chain.push(parent);
  }
  return chain;
}

/** null: it has ended. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold anything, spaces too.
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(parent);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
