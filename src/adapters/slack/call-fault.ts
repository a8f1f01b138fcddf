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

/**
 * Codes of content that Slack never accepts: another form of the message may be accepted.
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
const CONTENT = new Set([
  'invalid_arguments',
  'invalid_attachments',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'metadata_too_large',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
]);

/** Codes for a message, or the root of a thread, that people or message retention have deleted. */
const GONE = new Set(['message_not_found', 'thread_not_found']);

const INVITE = 'invite the bot there: /invite @hostcache';
const ASK_AN_ADMIN = "the workspace's settings do not let the bot post there; ask an admin";

/** What to do about codes that pass, or that people can fix. An unknown code is one of them too. */
const REMEDIES: Readonly<Record<string, string>> = {
  channel_not_found: `no such channel, or a private one without the bot; check its id, or ${INVITE}`,
  not_in_channel: INVITE,
  is_archived: 'the channel is archived; unarchive it, or set another',
  restricted_action: ASK_AN_ADMIN,
  restricted_action_non_threadable_channel: ASK_AN_ADMIN,
  restricted_action_read_only_channel: ASK_AN_ADMIN,
  restricted_action_thread_only_channel: ASK_AN_ADMIN,
  restricted_action_thread_locked: ASK_AN_ADMIN,
  accesslimited: "the workspace's plan or settings limit access; ask an admin",
  access_denied: "the workspace's settings deny access; ask an admin",
  app_access_restricted: 'an admin must approve the app for this workspace',
  org_login_required: 'Slack is moving the workspace; wait until it has finished',
  ekm_access_denied: "an admin has suspended the workspace's encryption keys",
  no_permission: 'install the app again with all scopes of manifest.yml',
  messages_tab_disabled: "turn on the Messages Tab on the app's page, App Home",
  cant_update_message: 'the message belongs to another bot; was the app reinstalled?',
  edit_window_closed: "the workspace's settings forbid late edits; ask an admin",
};

const OURS = 'this is a bug in hostcache; please report it';
const DELETED = 'somebody has deleted the message';

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
  if (CONTENT.has(code))
    return { kind: 'refused', why: `${refused}; ${OURS}.`, code, cause: 'content' };
  if (GONE.has(code))
    return { kind: 'refused', why: `${refused}; ${DELETED}.`, code, cause: 'gone' };
  const remedy =
    code === 'missing_scope'
      ? `give the app the scope ${String(needed)}, and install it again`
      : REMEDIES[code];
  const why = remedy === undefined ? refused : `${refused}; ${remedy}.`;
  return { kind: 'refused', why, code, cause: 'outside' };
}
