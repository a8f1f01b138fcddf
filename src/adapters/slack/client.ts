// Creates clients of Slack's Web API, each with its own time limit and retries, and their log. Does I/O.
import { type Logger, LogLevel, type Receiver, webApi } from '@slack/bolt';
import type { z } from 'zod';
import type { Log } from '../../chat/log.ts';
import { outboundBy, type Proxies } from './outbound.ts';

export interface SlackAccess {
  readonly botToken: string;
  /** null = Slack's own. */
  readonly apiUrl: string | null;
  /** Absent or null = none. */
  readonly proxies?: Proxies | null;
  readonly log: Log;
}

/** The setting that has the token. */
export type Token = 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN';

/** Slack's codes for a token that does not work; all others pass, or are fixed in Slack. */
const TOKEN_FAULTS = new Set([
  'account_inactive',
  'invalid_auth',
  'missing_scope',
  'not_allowed_token_type',
  'not_authed',
  'team_disabled',
  'token_expired',
  'token_revoked',
  'user_removed_from_team',
]);

export function isTokenFault(code: string): boolean {
  return TOKEN_FAULTS.has(code);
}

/** What to do after Slack has answered with this code (auth.test, apps.connections.open). */
export function tokenAdvice(token: Token, code: string): string {
  if (!isTokenFault(code)) {
    return 'The token is fine; this usually passes. If it lasts, see https://slack-status.com or ask an admin of the workspace.';
  }
  const isAppToken = token === 'SLACK_APP_TOKEN';
  const page = isAppToken ? 'Basic Information, App-Level Tokens' : 'OAuth & Permissions';
  return isAppToken && code === 'missing_scope'
    ? `Create a token with the scope connections:write on the app's page: ${page}.`
    : `Copy the token again from the app's page: ${page}.`;
}

export interface CallLimits {
  /** For one try. */
  readonly timeoutMs: number;
  /** After the first try. */
  readonly retries: number;
}

/**
 * A client with its own queue, so that no caller waits for another's calls. It never waits out a
 * rate limit. It logs at debug level only, because each caller reports its own errors.
 */
export function createClient(
  { botToken, log, ...place }: SlackAccess,
  limits: CallLimits,
): webApi.WebClient {
  const debug: Log['debug'] = (message, facts) => log.debug(message, facts);
  return new webApi.WebClient(botToken, {
    ...clientOptions(place, limits),
    logger: createBoltLog({ debug, info: debug, warn: debug, error: debug }),
  });
}

/**
 * Returns a new object each time, because Bolt and its clients modify what they get. A rate limit is
 * an error at once, because a client would wait it out without a word.
 */
export function clientOptions(
  { apiUrl, proxies }: Pick<SlackAccess, 'apiUrl' | 'proxies'>,
  { timeoutMs, retries }: CallLimits,
): webApi.WebClientOptions {
  return {
    ...(apiUrl !== null && { slackApiUrl: apiUrl }),
    fetch: fetchBy(proxies),
    timeout: timeoutMs,
    rejectRateLimitedCalls: true,
    retryConfig: { retries, minTimeout: 300, factor: 2 },
  };
}

/** Slack, or a proxy, sometimes limits the rate without a time to wait. */
const UNTIMED_LIMIT = { status: 429, headers: { 'retry-after': '30' } };

/** For a client, which takes a rate limit without a time for an unknown error. */
export function fetchBy(proxies: Proxies | null | undefined): typeof fetch {
  const { fetch: send } = outboundBy(proxies);
  return async (url, init) => {
    const response = await send(url, init);
    const isUntimed = response.status === 429 && !(Number(response.headers.get('retry-after')) > 0);
    return isUntimed ? new Response(null, UNTIMED_LIMIT) : response;
  };
}

/**
 * Bolt's "info" is our "debug". Bolt's "debug" is dropped, because it contains whole requests,
 * including what people wrote. While `isQuiet`, the caller reports errors, and Bolt's are "debug" too.
 */
export function createBoltLog(log: Log, isQuiet: () => boolean = () => false): Logger {
  const sentence = (parts: readonly unknown[]) => `bolt: ${parts.map(String).join(' ')}`;
  return {
    debug: () => undefined,
    info: (...parts) => log.debug(sentence(parts)),
    warn: (...parts) => log[isQuiet() ? 'debug' : 'warn'](sentence(parts)),
    error: (...parts) => log[isQuiet() ? 'debug' : 'error'](sentence(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}

/** Receives from Slack, over sockets or a port. */
export interface Connection extends Receiver {
  /** Whether Slack can deliver now. */
  isConnected(): boolean;
}

/** The result of a call. */
export type CallResult<T> =
  | { readonly kind: 'told'; readonly value: T }
  /** `code`: Slack's error code, such as `missing_scope`. */
  | { readonly kind: 'refused'; readonly code: string }
  /** No valid answer came. `why` is the end of a sentence; null = no error was thrown. */
  | { readonly kind: 'silent'; readonly why: string; readonly error: unknown };

/** Makes a call and validates its answer. Never rejects. */
export async function ask<T>(
  rule: z.ZodType<T>,
  call: () => Promise<unknown>,
): Promise<CallResult<T>> {
  try {
    const answer = rule.safeParse(await call());
    if (answer.success) return { kind: 'told', value: answer.data };
    return { kind: 'silent', why: 'an unexpected answer', error: null };
  } catch (error) {
    if (error instanceof webApi.WebAPIPlatformError) {
      return { kind: 'refused', code: error.data.error };
    }
    const isLimited = error instanceof webApi.WebAPIRateLimitedError;
    return { kind: 'silent', why: isLimited ? 'rate-limited' : 'no answer', error };
  }
}
