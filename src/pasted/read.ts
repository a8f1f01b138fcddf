import { unwrapLines } from './lines.ts';
import { type Mention, readMentions } from './mentions.ts';
import { readSaved, type Saved } from './saved.ts';

/** What a pasted text holds. */
export interface Pasted {
  /** Saved rows of host caches and process lists. */
  readonly saved: Saved;
  /** What the lines beside them say. Each once, the most telling first. */
  readonly mentions: readonly Mention[];
  /** Lines that say nothing that is known, with their numbers from 1; no blank lines. */
  readonly passedOver: readonly { readonly line: number; readonly text: string }[];
}

export function readPasted(raw: string): Pasted {
  const lines = unwrapLines(raw);
  const saved = readSaved(lines);
  const { used } = saved;
  const { mentions, lines: read } = readMentions(lines, (at) => used.has(at));
  const passedOver = lines
    .map((text, at) => ({ line: at + 1, text }))
    .filter(({ line, text }) => !read.has(line - 1) && !used.has(line - 1) && text.trim() !== '');
  // Beside a table, addresses without an error are part of its surroundings.
  const isTable = used.size > 0;
  return {
    saved,
    mentions: isTable ? mentions.filter(({ error, topic }) => error ?? topic) : mentions,
    passedOver,
  };
}

/** Whether the text holds rows, or a table that is empty or broken. */
export function isSaved({ used, problems, isEmptySet }: Saved): boolean {
  return used.size > 0 || problems.length > 0 || isEmptySet;
}
