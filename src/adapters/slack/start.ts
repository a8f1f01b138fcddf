import type { Log } from '../../chat/log.ts';
import { createUnreadable } from '../../chat/unreadable.ts';
import type { Wait } from '../../chat/waiting.ts';
import { type Failure, judgeFailure, type Question } from './failure.ts';

/** Starts the connection to Slack step by step, and waits out what passes. Does I/O. */

export interface StartStep extends Omit<Question, 'where'> {
  /** Rejects if the step failed; may be called again. */
  run(): Promise<void>;
  /** A sentence for an error that another try cannot help; null = any other error. */
  fault?(error: unknown): string | null;
}

export interface StartOptions {
  /** The host or the URL that is asked. */
  readonly where: string;
  readonly wait: Wait;
  readonly now: () => Date;
  /** Ends the waiting; then the start rejects. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** A supervisor starts the bot again, so a Slack that is not there at all ends the start. */
const UNANSWERED = { tries: 5, ms: 30_000 };

const BACKOFF = { firstMs: 500, factor: 2, lastMs: 60_000 };

/**
 * Tries until the step succeeds. Rejects as `Unreadable` if Slack refuses the token, or has not
 * answered at all after five tries or 30 s.
 */
export async function untilDone(step: StartStep, options: StartOptions): Promise<void> {
  const { where, wait, now, signal, log } = options;
  const startedAtMs = now().getTime();
  let hasAnswered = false;
  for (let tries = 1; !signal.aborted; tries += 1) {
    const failure = await attempt(step, where);
    if (failure === null) return;
    const { says, advice, retryAfterMs } = failure;
    hasAnswered ||= failure.isAnswer;
    const isLast = tries >= UNANSWERED.tries || now().getTime() - startedAtMs >= UNANSWERED.ms;
    if (failure.isFinal || (!hasAnswered && isLast))
      throw createUnreadable(`${says} ${advice}`.trim());
    const pauseMs = Math.max(retryAfterMs ?? backoffMs(tries), BACKOFF.firstMs);
    log.warn(`${says} ${advice} Trying again in ${pauseMs / 1000} s.`, {
      method: step.method,
      tries,
    });
    await wait(pauseMs, signal);
  }
  throw createUnreadable('The start was stopped.');
}

/** null = it succeeded. */
async function attempt(step: StartStep, where: string): Promise<Failure | null> {
  try {
    await step.run();
    return null;
  } catch (error) {
    const fault = step.fault?.(error) ?? null;
    if (fault === null) return judgeFailure(error, { ...step, where });
    return { says: fault, advice: '', isFinal: true, isAnswer: true, retryAfterMs: null };
  }
}

function backoffMs(tries: number): number {
  const { firstMs, factor, lastMs } = BACKOFF;
  return Math.min(lastMs, firstMs * factor ** (tries - 1));
}
