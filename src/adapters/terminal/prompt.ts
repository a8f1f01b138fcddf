// Asks for a password on the terminal of the process, without showing it. Does I/O.
import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { codeOf } from '../../chat/unreadable.ts';
import { write } from './write.ts';

const ENTER = ['\r', '\n'];
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';
const ERASERS = ['\u007f', '\b'];

/**
 * The password; null = there is no terminal to ask on. Standard input may be a list of clients, so the
 * terminal itself is read. Ctrl-C ends the process, as it would anywhere.
 */
export async function askPassword(question: string): Promise<string | null> {
  const terminal = openTerminal();
  if (terminal === null) return null;
  // Before the question, after which somebody may type at once.
  terminal.setRawMode(true);
  try {
    await write(process.stderr, question);
    return await typedLine(terminal);
  } finally {
    terminal.setRawMode(false);
    terminal.destroy();
    await write(process.stderr, '\n');
  }
}

function openTerminal(): ReadStream | null {
  try {
    return new ReadStream(openSync('/dev/tty', 'r+'));
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return null;
  }
}

function typedLine(terminal: ReadStream): Promise<string> {
  terminal.setEncoding('utf8');
  return new Promise((resolve) => {
    let line: readonly string[] = [];
    terminal.on('end', () => resolve(line.join('')));
    terminal.on('data', (part) => {
      for (const character of String(part)) {
        if (character === CTRL_C) process.kill(process.pid, 'SIGINT');
        else if (ENTER.includes(character) || character === CTRL_D) resolve(line.join(''));
        else if (ERASERS.includes(character)) line = line.slice(0, -1);
        else line = character === CTRL_U ? [] : [...line, character];
      }
    });
  });
}
