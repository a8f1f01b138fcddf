import type { Attempt } from '../sandbox/world.ts';
import type { SmallClient } from './small-world.ts';

/** One prediction, compared with what the server did. */
export interface Comparison {
  readonly client: SmallClient;
  readonly when: 'in the cache' | 'now' | 'after a flush' | 'pasted' | 'pasted after a flush';
  /** Such as admitted or refused; of an entry, kept or evicted. */
  readonly outcome: string;
  /** The same with its account. */
  readonly predicted: string;
  readonly happened: string;
  /** `hedged`: unknown because only the database host may know the name. */
  readonly verdict: 'agrees' | 'agrees by tie' | 'hedged' | 'unknown' | 'disagrees';
  /** What it was predicted from, to look into a disagreement. */
  readonly facts: unknown;
}

export function describe({ client, when, predicted, happened }: Comparison): string {
  return `${client.user} from ${client.address}, ${when}: predicted ${predicted}, happened: ${happened}`;
}

export function sayAttempt(attempt: Attempt): string {
  switch (attempt.outcome) {
    case 'admitted':
      return `admitted as ${attempt.currentUser}`;
    case 'error':
      return `${attempt.code} ${attempt.message}`;
    case 'closed':
      return `closed: ${attempt.reason}`;
  }
}
