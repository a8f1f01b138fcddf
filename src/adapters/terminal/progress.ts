import { listed } from '../../chat/lists.ts';
import { cutToWidth } from '../../chat/width.ts';
import { harmless } from './harmless.ts';
import type { Stream } from './write.ts';

/** Asks the world: one line on a terminal that says who is still waited for, and is erased at the end. */

export interface Progress {
  /** The same promise; until it settles, `who` is waited for. */
  watch<T>(who: string, work: Promise<T>): Promise<T>;
  /** Erases the line for good. */
  end(): void;
}

/** Whoever answers sooner has no need of a line. */
const PATIENCE_MS = 500;
const REDRAW_MS = 250;
const NAMED = 3;

/** The line and what is behind it give way: CSI K, which every terminal but a dumb one knows. */
const ERASE = '\r\u001b[K';

/** Draws on a terminal alone: in a file or a pipe such a line would be rubbish. */
export function createProgress(parts: {
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Progress {
  const { stderr, env } = parts;
  const startedMs = performance.now();
  const asked = new Set<string>();
  const waiting = new Map<string, number>();
  let isDrawn = false;

  function draw(): void {
    const isSlow = performance.now() - startedMs >= PATIENCE_MS;
    if (!isSlow || waiting.size === 0) return;
    const says = sayWaiting([...waiting.keys()], asked.size, performance.now() - startedMs);
    put(`${ERASE}${cutToWidth(harmless(says), (stderr.columns || 80) - 1)}`);
    isDrawn = true;
  }

  // A terminal that is gone is no reason to stop asking.
  const put = (text: string) => void stderr.write(text, () => undefined);
  const isShown = stderr.isTTY === true && env['TERM'] !== 'dumb';
  const timer = isShown ? setInterval(draw, REDRAW_MS).unref() : null;

  function change(who: string, by: 1 | -1): void {
    const left = (waiting.get(who) ?? 0) + by;
    if (left > 0) waiting.set(who, left);
    else waiting.delete(who);
  }

  return {
    watch: (who, work) => {
      asked.add(who);
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
function sayWaiting(names: readonly string[], asked: number, tookMs: number): string {
  const done = asked === 1 ? '' : `${asked - names.length} of ${asked} done, `;
  return `${done}${Math.floor(tookMs / 1000)} s; waiting for ${listed(names, NAMED)}`;
}
