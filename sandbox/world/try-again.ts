import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt, Greeting } from './messages.ts';

const PAUSE_MS = 50;

/** Connects once more if no server answered: a busy machine can drop a connection before a server sees it. */
export async function untilAnswered<T extends Pick<Attempt | Greeting, 'outcome'>>(
  connect: () => Promise<T>,
): Promise<T> {
  const first = await connect();
  if (first.outcome !== 'closed') return first;
  await sleep(PAUSE_MS);
  return connect();
}
