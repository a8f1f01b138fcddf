// Reads what a question leaves to a file or to standard input.
import { existsSync, readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import type { Commands } from '../../chat/command.ts';
import type { Arguments } from './arguments.ts';

type Input = Parameters<Commands['runWords']>[0];

/** The request, with what a file or standard input holds put in; a string is why it could not be read. */
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
  // A quoted error message, which is never the name of a file.
  if (/\s/.test(path) && !existsSync(path)) return { text: path };
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'a fault';
    return `expected a file that can be read, got ${reason} at ${path}`;
  }
}
