// Reads the file or standard input that a command names. Does I/O.
import { existsSync, readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import type { Commands } from '../../chat/command.ts';
import { codeOf } from '../../chat/unreadable.ts';
import type { Arguments } from './arguments.ts';

type Input = Parameters<Commands['runWords']>[0];

/** The request with the contents of its file or standard input; a string is the error. */
export async function withInput(typed: Arguments, name: string | null): Promise<Input | string> {
  const { words, options } = typed;
  if (name === 'explain') {
    const content = await contentOf(words.slice(1));
    return typeof content === 'string' ? content : { words, options, text: content.text };
  }
  if (name !== 'why' || !words.includes('-')) return { words, options };
  const lines = (await readAll(process.stdin)).split('\n');
  const clients = lines.map((line) => line.trim()).filter((line) => line !== '');
  return { words: words.flatMap((word) => (word === '-' ? clients : [word])), options };
}

async function contentOf(words: readonly string[]): Promise<{ readonly text: string } | string> {
  const path = words.join(' ') || '-';
  if (path === '-') return { text: await readAll(process.stdin) };
  // A quoted error message: it has blanks, and no file has that name.
  if (/\s/.test(path) && !existsSync(path)) return { text: path };
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    return `expected a file that can be read, got ${codeOf(error) ?? 'an error'} at ${path}`;
  }
}
