import { listed } from '../../chat/lists.ts';
import { cutToWidth } from '../../chat/width.ts';
import { ERASE, harmless } from './harmless.ts';
import type { Terminal } from './print.ts';
import { write } from './write.ts';

/** Shows on one terminal line which servers have not answered; erases it at the end. Does I/O. */

export interface Progress {
  /** Returns the same promise; until it settles, the line names `who`. */
  watch<T>(who: string, work: Promise<T>): Promise<T>;
  /** Erases the line for good. */
  end(): void;
}

/** Nothing is drawn for quicker answers. */
const PATIENCE_MS = 500;
const REDRAW_MS = 250;
const NAMED = 3;

/** Draws only on a terminal: in a file or a pipe, the line would be garbage. */
export function createProgress({ stderr, env }: Pick<Terminal, 'stderr' | 'env'>): Progress {
  const startedMs = performance.now();
  const watched = new Set<string>();
  const waiting = new Map<string, number>();
  let isDrawn = false;

  function draw(): void {
    const isSlow = performance.now() - startedMs >= PATIENCE_MS;
    if (!isSlow || waiting.size === 0) return;
    const line = waitingLine([...waiting.keys()], watched.size, performance.now() - startedMs);
    put(`${ERASE}${cutToWidth(harmless(line), (stderr.columns || 80) - 1)}`);
    isDrawn = true;
  }

  // If the terminal is gone, the work still goes on.
  const put = (text: string) => void write(stderr, text).catch(() => undefined);
  const isShown = stderr.isTTY === true && env['TERM'] !== 'dumb';
  const timer = isShown ? setInterval(draw, REDRAW_MS).unref() : null;

  function change(who: string, by: 1 | -1): void {
    const left = (waiting.get(who) ?? 0) + by;
    if (left > 0) waiting.set(who, left);
    else waiting.delete(who);
  }

  return {
    watch: (who, work) => {
      watched.add(who);
      change(who, 1);
      return work.finally(() => change(who, -1));
    },
    end: () => {
      if (timer !== null) clearInterval(timer);
      if (isDrawn) put(ERASE);
      isDrawn = false;
    },
  };
}

/** `3 of 29 done, 4 s; waiting for db1, db2, db3 and 23 more`. */
function waitingLine(names: readonly string[], total: number, tookMs: number): string {
  const done = total === 1 ? '' : `${total - names.length} of ${total} done, `;
  return `${done}${Math.floor(tookMs / 1000)} s; waiting for ${listed(names, NAMED)}`;
}
