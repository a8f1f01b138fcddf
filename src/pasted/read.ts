import { unwrapLines } from './lines.ts';
import { type Mention, readMentions } from './mentions.ts';

/** What a pasted text holds. */
export interface Pasted {
  /** Each once, the most telling first. */
  readonly mentions: readonly Mention[];
  /** Lines that say nothing that is known, with their numbers from 1; no blank lines. */
  readonly passedOver: readonly { readonly line: number; readonly text: string }[];
}

export function readPasted(raw: string): Pasted {
  const lines = unwrapLines(raw);
  const { mentions, lines: read } = readMentions(lines);
  const passedOver = lines
    .map((text, at) => ({ line: at + 1, text }))
    .filter(({ line, text }) => !read.has(line - 1) && text.trim() !== '');
  return { mentions, passedOver };
}
