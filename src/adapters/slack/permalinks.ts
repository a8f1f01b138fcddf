// Asks Slack for the address of a message.
import type { RootMessage } from '../../outbox/store.ts';
import { createClient, type SlackAccess } from './client.ts';

/** Somebody waits for the answer, and can do without the link. */
const CALL_MS = 2000;

/** The address of a message; null = Slack did not say it. Never rejects. */
export type Permalink = (message: RootMessage) => Promise<string | null>;

export function createPermalink(access: SlackAccess): Permalink {
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
