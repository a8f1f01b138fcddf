import fc from 'fast-check';
import { createRandom } from '../sandbox/random.ts';

/** What tests leave to chance is the same at each run; `SEED=2 npx vitest run` tries another. A failure prints it. */
export const SEED = Number(process.env['SEED'] ?? 1);

fc.configureGlobal({ seed: SEED });

export { fc };

/** At least 0, below 1. */
export function createChance(): () => number {
  return createRandom(SEED).next;
}
