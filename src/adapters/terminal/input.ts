// Reads the file or standard input that a command names. Does I/O.
import { existsSync } from 'node:fs';
import type { Commands } from '../../chat/command.ts';
import type { Arguments } from './arguments.ts';
import { type Content, readPath, readStandardInput } from './read.ts';

type Input = Parameters<Commands['runWords']>[0];

/** The request with the contents of its file or standard input; a string is the error. */
export async function withInput(typed: Arguments, name: string | null): Promise<Input | string> {
  const { words, options } = typed;
  const isWhy = name === 'why' && words.includes('-');
  const isCheck = name === 'plan' && words[1]?.toLowerCase() === 'check';
  if (!isWhy && !isCheck && name !== 'explain') return { words, options };
  const path = words.slice(isCheck ? 2 : 1).join(' ') || '-';
  const content = await (isWhy ? readStandardInput() : isCheck ? saved(path) : explained(path));
  if (content === null) return { words, options };
  if ('fault' in content) return content.fault;
  const { text } = content;
  if (!isWhy) return { words, options, text };
  const clients = clientsOrText(text);
  return { words: words.flatMap((word) => (word === '-' ? clients : [word])), options };
}

/** null = it names a kept plan, not a file. */
async function saved(path: string): Promise<Content | null> {
  if (path === '-') return readStandardInput();
  return /^PL-\d+$/i.test(path) && !existsSync(path) ? null : readPath(path);
}

async function explained(path: string): Promise<Content> {
  if (path === '-') return readStandardInput();
  // A quoted error message: it has blanks, and no file has that name.
  if (/\s/.test(path) && !existsSync(path)) return { text: path };
  return readPath(path);
}

/** One client a line; any other text is one word, as if pasted in quotes. */
function clientsOrText(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const filled = lines.filter((line) => line !== '');
  return filled.some((line) => /\s/.test(line)) ? [text] : filled;
}
