import { webApi } from '@slack/bolt';
import type { Undelivered } from '../../outbox/chat.ts';
import { innermostCode, proxyFaultIn } from './unreached.ts';

/** Classifies a failed call of Slack's Web API: whether the message may be sent, and what to do. */

/** Slack sometimes answers "ratelimited" without a time to wait. */
const PAUSE_MS = 30_000;

/** The longest rate limit to wait out while a person waits. */
const LONGEST_PAUSE_MS = 10_000;

/** Node's and undici's codes for a connection that was never established. */
const UNCONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Slack's codes after which the message may still have been sent (chat.postMessage, Errors). */
const HALF_DONE = new Set(['fatal_error', 'internal_error', 'unknown_error']);

const RATE_LIMITS = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);

const RENEW = "copy SLACK_BOT_TOKEN again from the app's page, OAuth & Permissions, and restart";

/** Codes of problems that pass or are fixed elsewhere. Nothing was sent, and a retry can help. */
const PASSING: Readonly<Record<string, string>> = {
  not_authed: RENEW,
  invalid_auth: RENEW,
  token_expired: RENEW,
  token_revoked: RENEW,
  account_inactive: 'install the app again, and set SLACK_BOT_TOKEN to its new token',
  request_timeout: 'the request took too long to reach Slack',
  service_unavailable: 'see https://slack-status.com',
  team_added_to_org: 'Slack is moving the workspace; wait until it has finished',
};

/** Codes of messages that Slack cannot render. */
export const UNRENDERABLE: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
]);

const INVITE = 'invite the bot there: /invite @hostcache';
const GONE = 'somebody has deleted the message';
const OURS = 'this is a bug in hostcache; please report it';

/**
 * Codes of messages that Slack never accepts as they are.
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
const FINAL: Readonly<Record<string, string>> = {
  channel_not_found: `no such channel, or a private one without the bot; check its id, or ${INVITE}`,
  not_in_channel: INVITE,
  is_archived: 'the channel is archived; unarchive it, or set another',
  restricted_action: "the workspace's settings do not let the bot post there; ask an admin",
  messages_tab_disabled: "turn on the Messages Tab on the app's page, App Home",
  message_not_found: GONE,
  thread_not_found: GONE,
  cant_update_message: 'the message belongs to another bot; was the app reinstalled?',
  edit_window_closed: "the workspace's settings forbid late edits; ask an admin",
  no_text: OURS,
  ...Object.fromEntries(Array.from(UNRENDERABLE, (code) => [code, OURS])),
};

/** Fixed by inviting the bot or unarchiving. Slack does not find a private channel without the bot. */
const FIXED_IN_SLACK = new Set(['not_in_channel', 'is_archived', 'channel_not_found']);

/** `doing` completes "Slack refused to …": `post to C0OPS`. Never throws. */
export function callFault(error: unknown, doing: string): Undelivered {
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return rateLimited(error.retryAfter * 1000);
  }
  if (error instanceof webApi.WebAPIPlatformError) return platformFault(error.data, doing);
  if (error instanceof webApi.WebAPIHTTPError) {
    const why = `Slack did not ${doing}: status ${error.statusCode}`;
    // A 4xx comes from a proxy or a wrong address, before Slack has received the call.
    const isBefore = error.statusCode < 500 && error.statusCode !== 408;
    return { kind: 'retry', why, mayBeSent: !isBefore, afterMs: null };
  }
  const proxyFault = proxyFaultIn(error);
  if (proxyFault !== null) {
    const why = `Slack was not reached (${doing}): ${proxyFault.message}`;
    return { kind: 'retry', why, mayBeSent: false, afterMs: null };
  }
  const code = innermostCode(error);
  const why = `Slack did not answer (${doing}): ${code ?? String(error)}`;
  const mayBeSent = code === null || !UNCONNECTED.has(code);
  return { kind: 'retry', why, mayBeSent, afterMs: null };
}

/** The pause before another try while a person waits; null = the rate limit is too long for that. */
export function shortPause(afterMs: number | null, defaultMs: number): number | null {
  if (afterMs === null) return defaultMs;
  return afterMs <= LONGEST_PAUSE_MS ? afterMs : null;
}

function rateLimited(afterMs: number): Undelivered {
  return { kind: 'retry', why: 'rate-limited', mayBeSent: false, afterMs };
}

function platformFault(
  { error: code, needed }: webApi.WebAPIPlatformError['data'] & { readonly needed?: unknown },
  doing: string,
): Undelivered {
  const refused = `Slack refused to ${doing}: ${code}`;
  if (RATE_LIMITS.has(code)) return rateLimited(PAUSE_MS);
  // Anything that does not look like a code is a proxy's page.
  if (HALF_DONE.has(code) || !/^[a-z_]+$/.test(code)) {
    const why = `Slack did not ${doing}: ${code.slice(0, 100)}`;
    return { kind: 'retry', why, mayBeSent: true, afterMs: null };
  }
  const passing = PASSING[code];
  if (passing !== undefined) {
    return { kind: 'retry', why: `${refused}; ${passing}.`, mayBeSent: false, afterMs: null };
  }
  const remedy =
    code === 'missing_scope'
      ? `give the app the scope ${String(needed)}, and install it again`
      : FINAL[code];
  const why = remedy === undefined ? refused : `${refused}; ${remedy}.`;
  return { kind: 'refused', why, code, mayPass: FIXED_IN_SLACK.has(code) };
}
