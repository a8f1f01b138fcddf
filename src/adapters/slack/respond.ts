import { RespondError, type RespondFn, webApi } from '@slack/bolt';
import { z } from 'zod';
import type { SlackParts } from './asking.ts';
import type { Lacking } from './modal.ts';
import { type Outbound, outboundBy } from './outbound.ts';

/** Answers a submitted modal through the response_url of the click that opened it. Does I/O. */

/** A response_url is valid for 30 minutes; one of them is reserved for a slow answer. */
const LIFE_MS = 29 * 60_000;

const CALL_MS = 10_000;

/** The fields of a response_url message that chat.postEphemeral also has. */
const whisperRule = z.object({
  channel: z.string(),
  user: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().optional(),
  blocks: z.array(z.unknown()).optional(),
});

/**
 * Answers the person who submitted. Uses chat.postEphemeral if the response_url is used up, too old
 * or another person's.
 */
export function createRespond(
  lacking: Lacking,
  submitter: string,
  parts: Pick<SlackParts, 'client' | 'apiUrl' | 'now' | 'proxies'>,
): RespondFn {
  const { responseUrl } = lacking;
  const isTheirs = lacking.user === submitter;
  const isFresh = parts.now().getTime() - lacking.heardAtMs < LIFE_MS;
  let url = isTheirs && isFresh && isOfSlack(responseUrl, parts.apiUrl) ? responseUrl : null;
  return async (message) => {
    const payload = typeof message === 'string' ? { text: message } : message;
    if (url !== null) {
      const response = await postTo(url, payload, outboundBy(parts.proxies));
      if (response !== null) return response;
      url = null;
    }
    // The message to delete was sent through the response_url, and only it can delete the message.
    if (payload.delete_original === true) return Response.json({ ok: true });
    const { channel, asked } = lacking;
    return await createWhisper({ channel, thread: asked.thread }, submitter, parts.client)(payload);
  };
}

/** Answers one person through chat.postEphemeral. `thread`: null = in the channel itself. */
export function createWhisper(
  { channel, thread }: { readonly channel: string; readonly thread: string | null },
  user: string,
  client: webApi.WebClient,
): RespondFn {
  const place = { channel, ...(thread !== null && { thread_ts: thread }) };
  return async (message) => {
    const payload = typeof message === 'string' ? { text: message } : message;
    return await whisper(client, { ...payload, ...place, user });
  };
}

/** The URL comes from outside, so it is checked: an answer must not go anywhere but to Slack. */
function isOfSlack(url: string | null, apiUrl: string | null): boolean {
  if (url === null || !URL.canParse(url)) return false;
  const { protocol, host, hostname } = new URL(url);
  if (apiUrl !== null && host === new URL(apiUrl).host) return true;
  return protocol === 'https:' && /(^|\.)slack(-gov)?\.com$/.test(hostname);
}

/** null = the URL accepts nothing more. Rejects as Bolt's own respond does. */
async function postTo(url: string, payload: object, outbound: Outbound): Promise<Response | null> {
  const response = await outbound.fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
    signal: AbortSignal.timeout(CALL_MS),
  });
  if (response.status === 404 || response.status === 410) return null;
  if (!response.ok) throw new RespondError('the response_url refused the answer', response.status);
  return response;
}

async function whisper(client: webApi.WebClient, message: object): Promise<Response> {
  // Even a public answer is sent to this person only: the bot may not be in the channel.
  const sent = whisperRule.parse(message);
  try {
    return Response.json(await client.apiCall('chat.postEphemeral', sent));
  } catch (error) {
    // Returned as a response_url would return it: the same message would be refused again.
    if (error instanceof webApi.WebAPIPlatformError) return Response.json(error.data);
    throw error;
  }
}
