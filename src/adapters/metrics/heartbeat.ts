import { writeFile } from 'node:fs/promises';
import type { Log } from '../../chat/log.ts';

/** Shows in a file that the event loop runs: a health check reads the age of the file. Does I/O. */

export interface HeartbeatParts {
  readonly file: string;
  readonly now: () => Date;
  readonly log: Log;
}

/** Returns the function that writes the time to the file. It never rejects: the log has the error. */
export function createHeartbeat({ file, now, log }: HeartbeatParts): () => Promise<void> {
  let isFailing = false;
  return async () => {
    try {
      await writeFile(file, `${now().toISOString()}\n`);
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.error('HEALTH_FILE cannot be written', { file, error });
      isFailing = true;
    }
  };
}
