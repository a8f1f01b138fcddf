// Waits for a signal to end, or for the end of the process that started this one. Does I/O.
import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 1000;

/** How many ancestors to watch. Above a script of `npm run` are tsx, a shell, npm and the caller of npm. */
const GENERATIONS = { alone: 1, npm: 4 };

/** Resolves at the first SIGTERM, SIGINT or SIGHUP, or when an ancestor has ended. */
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

/** Process ids, parent first. When one of them ends, the kernel gives its child another parent, so the list changes. */
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

/** null = the process has ended. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses, which may contain spaces and parentheses.
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(parent);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
