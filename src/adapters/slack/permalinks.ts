// Asks Slack for the link to a message. Does I/O.
import type { RootMessage } from '../../outbox/store.ts';
import { createClient, type SlackAccess } from './client.ts';

/** Short, because a person waits for the answer, and the link is optional. */
const CALL_MS = 2000;

/** The link to a message; null = Slack gave none. Never rejects. */
export function createPermalink(
  access: SlackAccess,
): (message: RootMessage) => Promise<string | null> {
  const client = createClient(access, { timeoutMs: CALL_MS, retries: 0 });
  return async ({ channel, ts }) => {
    try {
      const { permalink } = await client.chat.getPermalink({ channel, message_ts: ts });
      return permalink ?? null;
    } catch (error) {
      access.log.info('Slack gave no link to a message', { channel, ts, error });
      return null;
    }
  };
}
