import type { Carried } from './deliver.ts';

/** What follows from what became of a post: pure, so that no test has to wait. */

export type Outcome =
  | { readonly kind: 'sent'; readonly ts: string; readonly at: Date }
  | {
      readonly kind: 'later';
      readonly dueAt: Date;
      /** It may have been said. */
      readonly wasBegun: boolean;
      readonly why: string;
    }
  | { readonly kind: 'refused'; readonly why: string; readonly at: Date }
  | { readonly kind: 'left' };

export interface Situation {
  readonly now: Date;
  /** How often in a row its channel has failed before. */
  readonly faults: number;
  /** From 0 to 1: keeps many channels from asking again in step. */
  readonly chance: number;
}

const BACKOFF = { firstMs: 1000, factor: 2, lastMs: 60_000 };

export function outcomeOf(carried: Carried, situation: Situation): Outcome {
  const { now } = situation;
  const after = (ms: number) => new Date(now.getTime() + ms);
  switch (carried.kind) {
    case 'sent':
      return { kind: 'sent', ts: carried.ts, at: now };
    case 'refused':
      return { kind: 'refused', why: carried.why, at: now };
    case 'left':
      return { kind: 'left' };
    case 'rate-limited': {
      const dueAt = after(carried.retryAfterMs);
      return { kind: 'later', dueAt, wasBegun: false, why: 'rate-limited' };
    }
    case 'unsent': {
      const dueAt = after(backoffMs(situation));
      return { kind: 'later', dueAt, wasBegun: false, why: carried.why };
    }
    case 'ambiguous': {
      // Looked for at once it might not stand there yet.
      const dueAt = after(backoffMs(situation));
      return { kind: 'later', dueAt, wasBegun: true, why: carried.why };
    }
    case 'unseen': {
      const dueAt = after(carried.retryAfterMs ?? backoffMs(situation));
      return { kind: 'later', dueAt, wasBegun: true, why: carried.why };
    }
  }
}

/** Whether the platform failed: its channel then waits longer and longer. */
export function isFault(carried: Carried): boolean {
  const { kind } = carried;
  return kind === 'unsent' || kind === 'ambiguous' || (kind === 'unseen' && !isRateLimit(carried));
}

export function isRateLimit(carried: Carried): boolean {
  const { kind } = carried;
  return kind === 'rate-limited' || (kind === 'unseen' && carried.retryAfterMs !== null);
}

/** Between half the step and the whole of it. */
function backoffMs({ faults, chance }: Situation): number {
  const { firstMs, factor, lastMs } = BACKOFF;
  const step = Math.min(lastMs, firstMs * factor ** faults);
  return step * (0.5 + chance / 2);
}
