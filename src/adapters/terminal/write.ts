import type { ExitCode } from '../../chat/reply.ts';

/** Asks the world: text on a stream of the process. */

/** The part of a stream that printing needs. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string, done: (error?: Error | null) => void): unknown;
}

/** Resolves when the text is written, or its reader has gone away. Rejects on any other fault. */
export function write(stream: Stream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      const isGone = error != null && 'code' in error && error.code === 'EPIPE';
      if (error && !isGone) reject(error);
      else resolve();
    });
  });
}

/** On standard error, a line each; the exit code is handed back. */
export async function printFaults(faults: readonly string[], exit: ExitCode): Promise<ExitCode> {
  await write(process.stderr, faults.map((fault) => `hostcache: ${fault}\n`).join(''));
  return exit;
}
