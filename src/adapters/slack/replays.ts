import type { IncomingHttpHeaders } from 'node:http';
import { isValidSlackRequest } from '@slack/bolt';

/** Remembers the signatures of Slack's requests, so that a repeated request has no effect. */

/** A request is accepted from five minutes before its timestamp until five minutes after it. */
const KEPT_MS = 10 * 60_000;

export interface Replays {
  /** Whether the same signed request came before; false if the signature is not valid. */
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
      // An unsigned request is not remembered, because anybody could make it up.
      if (!isValidSlackRequest({ signingSecret, body, headers: signed, nowMilliseconds: nowMs }))
        return false;
      for (const [old, seenMs] of seen) {
        if (nowMs - seenMs <= KEPT_MS) break;
        seen.delete(old);
      }
      // Bolt compares only this part, so anything may follow it.
      const [, hash = ''] = signature.split('=');
      if (seen.has(hash)) return true;
      seen.set(hash, nowMs);
      return false;
    },
  };
}
