import { webApi } from '@slack/bolt';
import { isUnreadable } from '../../chat/unreadable.ts';
import { isTokenFault, type Token, tokenAdvice } from './client.ts';
import { sayUnreached, unreachedAdvice } from './unreached.ts';

/** Judges a failed connection to Slack: what to say, and whether another try can help. */

export interface Question {
  /** The setting that a refusal is about. */
  readonly token: Token;
  /** The Web API method. */
  readonly method: string;
  /** The host or the URL that was asked. */
  readonly where: string;
}

export interface Failure {
  /** A sentence. */
  readonly says: string;
  /** What to do, in one or more sentences. */
  readonly advice: string;
  /** Whether another try cannot help. */
  readonly isFinal: boolean;
  /** Whether Slack itself answered. */
  readonly isAnswer: boolean;
  /** What Slack asked for; null = it did not. */
  readonly retryAfterMs: number | null;
}

const PASSING = {
  ...{ isFinal: false, isAnswer: true, retryAfterMs: null },
  advice: 'If it lasts, see https://slack-status.com.',
};
const UNANSWERED = { ...PASSING, isAnswer: false };

export function judgeFailure(error: unknown, question: Question): Failure {
  const { method, where } = question;
  if (error instanceof webApi.WebAPIRateLimitedError) {
    const says = `Slack answered ${method} with a rate limit.`;
    return { ...PASSING, says, retryAfterMs: error.retryAfter * 1000 };
  }
  if (error instanceof webApi.WebAPIPlatformError) return judgeCode(error.data.error, question);
  if (error instanceof webApi.WebAPIHTTPError && error.statusCode >= 500) {
    return { ...PASSING, says: `Slack answered ${method} with status ${error.statusCode}.` };
  }
  const advice = unreachedAdvice(error);
  if (isUnreadable(error)) {
    // Without a cause, it is what Slack said when it closed a socket.
    return error.cause === undefined
      ? { ...PASSING, says: error.message }
      : { ...UNANSWERED, says: error.message, advice };
  }
  return { ...UNANSWERED, says: `${sayUnreached(error, where)}.`, advice };
}

export function judgeCode(code: string, { token, method, where }: Question): Failure {
  // Anything that does not look like a code is the page of a proxy or of another server.
  if (!/^[a-z_]+$/.test(code)) {
    return { ...UNANSWERED, says: `Slack did not answer at ${where}: a page came instead.` };
  }
  const advice = tokenAdvice(token, code);
  return isTokenFault(code)
    ? { ...PASSING, says: `Slack refused ${token}: ${code}.`, advice, isFinal: true }
    : { ...PASSING, says: `Slack answered ${method} with ${code}.`, advice };
}
