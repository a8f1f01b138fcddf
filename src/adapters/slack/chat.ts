import { webApi } from '@slack/bolt';
import type { Chat, Delivery } from '../../chat/chat.ts';
import type { Log } from '../../chat/log.ts';
import { type SlackMessage, slackMessage } from './blocks.ts';
import { createBoltLog } from './bolt-log.ts';
import { type CallFault, callFault } from './call-fault.ts';
import { find, metadataOf } from './find.ts';
import { upload } from './upload.ts';

/** Asks the world: what is said unasked, by Slack's Web API. Each call is tried once; the outbox tries again. */

export interface ChatOptions {
  readonly botToken: string;
  /** null: Slack's own. */
  readonly apiUrl: string | null;
  readonly log: Log;
  /** For one call; default 8 s. */
  readonly timeoutMs?: number;
}

/** An upload is three calls, and the outbox holds a parcel for 30 s. */
const CALL_MS = 8000;

/** Slack's codes for a message that it cannot draw. */
const UNDRAWN = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
]);

export function createChat(options: ChatOptions): Chat {
  const { log, timeoutMs = CALL_MS } = options;
  const client = createClient(options);
  return {
    post: ({ channel, message, key, thread, isBroadcast }) => {
      const place = thread === null ? {} : { thread_ts: thread, reply_broadcast: isBroadcast };
      return say(slackMessage(message), `post to ${channel}`, log, async (drawn) =>
        client.apiCall('chat.postMessage', {
          channel,
          ...place,
          ...drawn,
          metadata: metadataOf(key),
          unfurl_links: false,
          unfurl_media: false,
        }),
      );
    },
    // Without metadata of its own an edit leaves the message's as it is.
    edit: ({ channel, ts, message }) =>
      say(slackMessage(message), `edit a message in ${channel}`, log, (drawn) =>
        client.apiCall('chat.update', { channel, ts, ...drawn }),
      ),
    upload: (file) => upload(file, { client, timeoutMs }),
    find: (search) => find(client, search),
  };
}

/** A client of its own: private answers must not queue behind an alert that waits. */
function createClient({ botToken, apiUrl, log, timeoutMs = CALL_MS }: ChatOptions) {
  // Each fault is returned, and told by the outbox.
  const quiet: Log = { ...log, warn: log.debug, error: log.debug };
  return new webApi.WebClient(botToken, {
    ...(apiUrl !== null && { slackApiUrl: apiUrl }),
    logger: createBoltLog(quiet),
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
}
