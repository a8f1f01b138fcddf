import type { IncomingHttpHeaders } from 'node:http';
import { isValidSlackRequest } from '@slack/bolt';

/** Remembers the signatures of Slack's requests, so that the very same request takes effect once. */

/** A request is taken from five minutes before its time until five minutes after it. */
const KEPT_MS = 10 * 60_000;

export interface Replays {
  /** Whether a request that Slack signed came before; whatever is not signed well is none. */
  isReplay(request: { readonly headers: IncomingHttpHeaders; readonly rawBody: Buffer }): boolean;
}

export function createReplays(options: {
  readonly signingSecret: string;
  readonly now: () => Date;
}): Replays {
  const { signingSecret, now } = options;
  const seen = new Map<string, number>();
  return {
    isReplay: ({ headers, rawBody }) => {
      const signature = String(headers['x-slack-signature']);
      const time = Number(headers['x-slack-request-timestamp']);
      const signed = { 'x-slack-signature': signature, 'x-slack-request-timestamp': time };
      const nowMs = now().getTime();
      const body = rawBody.toString();
      // What anybody can make up is not remembered.
      if (!isValidSlackRequest({ signingSecret, body, headers: signed, nowMilliseconds: nowMs }))
        return false;
      for (const [old, seenMs] of seen) {
        if (nowMs - seenMs <= KEPT_MS) break;
        seen.delete(old);
      }
      // The part that Bolt compares: what stands behind it may be anything.
      const [, hash = ''] = signature.split('=');
      if (seen.has(hash)) return true;
      seen.set(hash, nowMs);
      return false;
    },
  };
}
