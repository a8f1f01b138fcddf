import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Delivery, Search } from '../../outbox/chat.ts';
import { callFault } from './call-fault.ts';

/** Finds our message or file with a given key by reading the channel. Does I/O. */

/** The metadata of a message, with its key. */
export function metadataOf(key: string) {
  return { event_type: EVENT_TYPE, event_payload: { key } };
}

/** A file has no metadata, so its name starts with the key. Its title is the plain name. */
export function fileNameOf(key: string, name: string): string {
  return prefixOf(key) + name;
}

const EVENT_TYPE = 'hostcache';

/** Slack's clock may be behind ours. */
const SKEW_MS = 5 * 60_000;

/** Slack recommends no more than 200 messages in a page. */
const PAGE = 200;
const PAGES = 10;

/** After this time no further page is read. */
const PATIENCE_MS = 12_000;

const pageRule = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
        .optional(),
      files: z.array(z.object({ name: z.string().nullish() })).optional(),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

type Page = z.output<typeof pageRule>;

/** null = there is no such message or file. Never rejects. */
export async function find(client: webApi.WebClient, search: Search): Promise<Delivery | null> {
  const startedAtMs = performance.now();
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const read = await readPage(client, search, cursor);
    if (read === null || 'kind' in read) return read;
    const ts = tsOf(read, search.key);
    if (ts !== null) return { kind: 'sent', ts };
    cursor = read.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return null;
    if (performance.now() - startedAtMs > PATIENCE_MS) break;
  }
  const why = `there are too many newer messages in ${search.channel}`;
  return { kind: 'refused', why, code: 'too_much', cause: 'outside' };
}

async function readPage(
  client: webApi.WebClient,
  { channel, thread, sinceAt }: Search,
  cursor: string | undefined,
): Promise<Page | Delivery | null> {
  const range = {
    channel,
    oldest: ((sinceAt.getTime() - SKEW_MS) / 1000).toFixed(6),
    limit: PAGE,
    include_all_metadata: true,
    ...(cursor !== undefined && { cursor }),
  };
  try {
    const answer =
      thread === null
        ? await client.conversations.history(range)
        : await client.conversations.replies({ ...range, ts: thread });
    return pageRule.parse(answer);
  } catch (error) {
    return unread(error, channel);
  }
}

/** Why the channel could not be read; null = the thread was deleted, with everything in it. */
function unread(error: unknown, channel: string): Delivery | null {
  const fault = callFault(error, `list the messages in ${channel}`);
  // The post may still have been sent.
  if (fault.kind === 'retry') return { ...fault, mayBeSent: true };
  return fault.code === 'thread_not_found' ? null : fault;
}

/** The ts of the message with the key; null = it is not on this page. */
function tsOf({ messages }: Page, key: string): string | null {
  const prefix = prefixOf(key);
  const match = messages.find(
    ({ metadata, files = [] }) =>
      (metadata?.event_type === EVENT_TYPE && metadata.event_payload['key'] === key) ||
      files.some(({ name }) => name?.startsWith(prefix) === true),
  );
  return match?.ts ?? null;
}

/** Escapes all but letters, digits and hyphens, so that no key is the prefix of another. */
function prefixOf(key: string): string {
  const safe = key.replace(/[^A-Za-z0-9-]/g, (letter) => `_${letter.charCodeAt(0)}_`);
  return `${safe}.`;
}
