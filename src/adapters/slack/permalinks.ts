// Asks Slack for the link to a message. Does I/O.
import { z } from 'zod';
import type { RootMessage } from '../../outbox/store.ts';
import { ask, createClient, type SlackAccess } from './client.ts';

/** Short, because a person waits for the answer, and the link is optional. */
const CALL_MS = 2000;

interface Permalink {
  /** null = Slack gave none. */
  readonly url: string | null;
  readonly isDeleted: boolean;
}

const answerRule = z.object({ permalink: z.string() });

/** Finds a message. Never rejects. */
export function createPermalink(access: SlackAccess): (message: RootMessage) => Promise<Permalink> {
  const client = createClient(access, { timeoutMs: CALL_MS, retries: 0 });
  return async ({ channel, ts }) => {
    const asked = await ask(answerRule, () =>
      client.chat.getPermalink({ channel, message_ts: ts }),
    );
    if (asked.kind === 'told') return { url: asked.value.permalink, isDeleted: false };
    access.log.info('Slack gave no link to a message', { channel, ts, asked });
    return { url: null, isDeleted: asked.kind === 'refused' && asked.code === 'message_not_found' };
  };
}
