import { z } from 'zod';
import type { Log } from '../../chat/log.ts';
import type { Message } from '../../chat/message.ts';
import type { Chat, Delivery, Form } from '../../outbox/chat.ts';
import { formsOf, type SlackMessage, slackMessage } from './blocks.ts';
import { callFault } from './call-fault.ts';
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
    post: ({ channel, message, form, key, thread, isBroadcast }) => {
      const place = thread === null ? {} : { thread_ts: thread, reply_broadcast: isBroadcast };
      const metadata = metadataOf(key);
      const call: Call = ({ text, blocks }) =>
        client.apiCall('chat.postMessage', {
          ...{ channel, ...place, text, metadata, ...UNFURL },
          ...(blocks.length > 0 && { blocks }),
        });
      return send({ message, form, doing: `post to ${channel}`, call }, log);
    },
    edit: ({ channel, ts, message, form }) => {
      // An edit without metadata keeps the metadata of the message; without blocks, its blocks.
      const call: Call = (drawn) => client.apiCall('chat.update', { channel, ts, ...drawn });
      return send({ message, form, doing: `edit a message in ${channel}`, call }, log);
    },
    upload: (file) => upload(file, { client, timeoutMs, proxies: options.proxies }),
    find: (search) => find(client, search),
  };
}

type Call = (drawn: SlackMessage) => Promise<unknown>;

interface Sending {
  readonly message: Message;
  readonly form: Form | undefined;
  /** Completes "Slack refused to …". */
  readonly doing: string;
  readonly call: Call;
}

/** Sends the next simpler form if Slack does not accept the content, so that no alert is lost. */
async function send({ message, form: first, doing, call }: Sending, log: Log): Promise<Delivery> {
  const [form = 'one line', simpler] = formsOf(message, first);
  const delivery = await attempt(() => call(slackMessage(message, form)), doing);
  if (delivery.kind === 'sent') return { ...delivery, form };
  const isRefused = delivery.kind === 'refused' && delivery.cause === 'content';
  if (!isRefused || simpler === undefined) return delivery;
  log.error('Slack does not accept a message; a simpler form is sent', { form, why: delivery.why });
  return await send({ message, form: simpler, doing, call }, log);
}

const answerRule = z.object({ ts: z.string(), channel: z.string().optional() });

async function attempt(call: () => Promise<unknown>, doing: string): Promise<Delivery> {
  try {
    const { ts, channel } = answerRule.parse(await call());
    return { kind: 'sent', ts, ...(channel !== undefined && { channel }) };
  } catch (error) {
    return callFault(error, doing);
  }
}
