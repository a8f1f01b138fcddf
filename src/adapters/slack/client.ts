// Makes the clients of Slack's Web API, each with a time limit and tries of its own, and asks by them.
import { webApi } from '@slack/bolt';
import type { z } from 'zod';
import type { Log } from '../../chat/log.ts';
import { createBoltLog } from './bolt-log.ts';

export interface SlackAccess {
  readonly botToken: string;
  /** null: Slack's own. */
  readonly apiUrl: string | null;
  readonly log: Log;
}

export interface CallLimits {
  /** For one try. */
  readonly timeoutMs: number;
  /** After the first try. */
  readonly retries: number;
}

/**
 * A client with a queue of its own, so that nobody waits behind another's calls, and none waits out
 * a rate limit. Each fault is returned to whoever calls, who tells of it.
 */
export function createClient(
  { botToken, apiUrl, log }: SlackAccess,
  limits: CallLimits,
): webApi.WebClient {
  const debug: Log['debug'] = (words, facts) => log.debug(words, facts);
  return new webApi.WebClient(botToken, {
    ...clientOptions(apiUrl, limits),
    logger: createBoltLog({ debug, info: debug, warn: debug, error: debug }),
    rejectRateLimitedCalls: true,
  });
}

/** A new object each time: Bolt and its clients write into what they are given. */
export function clientOptions(
  apiUrl: string | null,
  { timeoutMs, retries }: CallLimits,
): webApi.WebClientOptions {
  return {
    ...(apiUrl !== null && { slackApiUrl: apiUrl }),
    timeout: timeoutMs,
    retryConfig: { retries, minTimeout: 300, factor: 2 },
  };
}

/** What a call came to. */
export type Asked<T> =
  | { readonly kind: 'told'; readonly value: T }
  /** `code`: Slack's own: `missing_scope`. */
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'silent'; readonly why: string };

/** Never rejects. */
export async function ask<T>(rule: z.ZodType<T>, call: () => Promise<unknown>): Promise<Asked<T>> {
  try {
    const answer = rule.safeParse(await call());
    if (answer.success) return { kind: 'told', value: answer.data };
    return { kind: 'silent', why: 'an answer of another shape' };
  } catch (error) {
    if (error instanceof webApi.WebAPIPlatformError) {
      return { kind: 'refused', code: error.data.error };
    }
    const isLimited = error instanceof webApi.WebAPIRateLimitedError;
    return { kind: 'silent', why: isLimited ? 'rate-limited' : 'no answer' };
  }
}
