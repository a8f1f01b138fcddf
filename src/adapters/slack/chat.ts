import { z } from 'zod';
import type { Log } from '../../chat/log.ts';
import type { Message } from '../../chat/message.ts';
import type { Chat, Delivery } from '../../outbox/chat.ts';
import { type SlackMessage, slackMessage } from './blocks.ts';
import { callFault, UNRENDERABLE } from './call-fault.ts';
import { createClient, type SlackAccess } from './client.ts';
import { find, metadataOf } from './find.ts';
import { upload } from './upload.ts';

/** Sends unsolicited messages through Slack's Web API. Does I/O; the outbox retries. */

export interface ChatOptions extends SlackAccess {
  /** For one call; default 8 s. */
  readonly timeoutMs?: number;
}

/** An upload is three calls, and the outbox holds a post for 30 s. */
const CALL_MS = 8000;

/** Otherwise Slack adds previews for addresses and host names. */
const UNFURL = { unfurl_links: false, unfurl_media: false };

export function createChat(options: ChatOptions): Chat {
  const { log, timeoutMs = CALL_MS } = options;
  const client = createClient(options, { timeoutMs, retries: 0 });
  return {
    post: ({ channel, message, key, thread, isBroadcast }) => {
      const place = thread === null ? {} : { thread_ts: thread, reply_broadcast: isBroadcast };
      const metadata = metadataOf(key);
      const call: Call = (drawn) =>
        client.apiCall('chat.postMessage', { channel, ...place, ...drawn, metadata, ...UNFURL });
      return send(message, `post to ${channel}`, call, log);
    },
    edit: ({ channel, ts, message }) => {
      // An edit without metadata keeps the metadata of the message.
      const call: Call = (drawn) => client.apiCall('chat.update', { channel, ts, ...drawn });
      return send(message, `edit a message in ${channel}`, call, log);
    },
    upload: (file) => upload(file, { client, timeoutMs, proxies: options.proxies }),
    find: (search) => find(client, search),
  };
}

type Call = (drawn: Partial<SlackMessage>) => Promise<unknown>;

/** Sends only the headline if Slack cannot render the blocks, so that no alert is lost. */
async function send(message: Message, doing: string, call: Call, log: Log): Promise<Delivery> {
  const { text, blocks } = slackMessage(message);
  const delivery = await attempt(() => call({ text, blocks }), doing);
  if (delivery.kind !== 'refused' || !UNRENDERABLE.has(delivery.code)) return delivery;
  log.error('Slack cannot render a message; only its headline is sent', { why: delivery.why });
  return await attempt(() => call({ text }), doing);
}

const answerRule = z.object({ ts: z.string() });

async function attempt(call: () => Promise<unknown>, doing: string): Promise<Delivery> {
  try {
    const { ts } = answerRule.parse(await call());
    return { kind: 'sent', ts };
  } catch (error) {
    return callFault(error, doing);
  }
}
