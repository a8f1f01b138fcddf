// Asks Slack for the address of a message.
import { webApi } from '@slack/bolt';
import type { Log } from '../../chat/log.ts';
import type { RootMessage } from '../../chat/outbox-store.ts';
import { createBoltLog } from './bolt-log.ts';

/** Somebody waits for the answer, and can do without the link. */
const CALL_MS = 2000;

/** The address of a message; null = Slack did not say it. Never rejects. */
export type Permalink = (message: RootMessage) => Promise<string | null>;

export function createPermalink(options: {
  readonly botToken: string;
  /** null: Slack's own. */
  readonly apiUrl: string | null;
  readonly log: Log;
}): Permalink {
  const { botToken, apiUrl, log } = options;
  const client = new webApi.WebClient(botToken, {
    ...(apiUrl !== null && { slackApiUrl: apiUrl }),
    timeout: CALL_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: createBoltLog(log),
  });
  return async ({ channel, ts }) => {
    try {
      const { permalink } = await client.chat.getPermalink({ channel, message_ts: ts });
      return permalink ?? null;
    } catch (error) {
      log.info('Slack gave no link to a message', { channel, ts, error });
      return null;
    }
  };
}
