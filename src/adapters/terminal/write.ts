import type { ExitCode } from '../../chat/reply.ts';
import { codeOf } from '../../chat/unreadable.ts';
import { harmless, harmlessDrawn } from './harmless.ts';

/**
 * Writes text to a stream of the process. Whatever a terminal gets passes here, so no character of
 * foreign text steers it. Does I/O.
 */

/** The part of a stream that printing needs. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string, done: (error?: Error | null) => void): unknown;
}

/** Resolves when the text is written, or the pipe is closed. Rejects on any other error. */
export function write(stream: Stream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(harmlessDrawn(text), (error) => {
      if (error && codeOf(error) !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}

/** Prints each fault on one line of standard error, and returns the exit code. */
export async function printFaults(faults: readonly string[], exit: ExitCode): Promise<ExitCode> {
  await printNotes(faults);
  return exit;
}

/** Prints each note on one line of standard error. */
export function printNotes(notes: readonly string[]): Promise<void> {
  return write(process.stderr, notes.map((note) => `hostcache: ${harmless(note)}\n`).join(''));
}
