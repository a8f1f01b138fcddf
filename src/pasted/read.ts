import { unwrapLines } from './lines.ts';
import { type Mention, readMentions } from './mentions.ts';

/** What a pasted text holds. */
export interface Pasted {
  /** Each once, the most telling first. */
  readonly mentions: readonly Mention[];
  /** Lines that say nothing that is known; blank lines do not count. */
  readonly passedOver: {
    readonly count: number;
    /** The number of the first, from 1; null = none. */
    readonly first: number | null;
  };
}

export function readPasted(raw: string): Pasted {
  const lines = unwrapLines(raw);
  const { mentions, lines: read } = readMentions(lines);
  const passed = Array.from(lines.keys()).filter(
    (at) => !read.has(at) && (lines[at] ?? '').trim() !== '',
  );
  const first = passed[0];
  return {
    mentions,
    passedOver: { count: passed.length, first: first === undefined ? null : first + 1 },
  };
}
