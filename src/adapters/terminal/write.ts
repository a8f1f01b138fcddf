import type { ExitCode } from '../../chat/reply.ts';
import { codeOf } from '../../chat/unreadable.ts';

/** Writes text to a stream of the process. Does I/O. */

/** The part of a stream that printing needs. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string, done: (error?: Error | null) => void): unknown;
}

/** Resolves when the text is written, or the pipe is closed. Rejects on any other error. */
export function write(stream: Stream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && codeOf(error) !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}

/** Prints each fault on a line of standard error, and returns the exit code. */
export async function printFaults(faults: readonly string[], exit: ExitCode): Promise<ExitCode> {
  await write(process.stderr, faults.map((fault) => `hostcache: ${fault}\n`).join(''));
  return exit;
}
