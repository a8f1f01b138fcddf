import { RespondError, type RespondFn, webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Lacking } from './modal.ts';

/** Asks the world: an answer to what a modal asked for, through the response_url of the click before it. */

export interface Ways {
  readonly client: webApi.WebClient;
  /** null: Slack's own. */
  readonly apiUrl: string | null;
  readonly now: () => Date;
}

/** A response_url lives 30 minutes; one of them is for an answer that takes its time. */
const LIFE_MS = 29 * 60_000;

const CALL_MS = 10_000;

/** What chat.postEphemeral knows of what a response_url takes. */
const whisperRule = z.object({
  channel: z.string(),
  user: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().optional(),
  blocks: z.array(z.unknown()).optional(),
});

/** To whoever submitted: where the response_url is used up, too old or another's, by chat.postEphemeral. */
export function createRespond(lacking: Lacking, submitter: string, ways: Ways): RespondFn {
  const { responseUrl } = lacking;
  const isTheirs = lacking.user === submitter;
  const isFresh = ways.now().getTime() - lacking.heardAtMs < LIFE_MS;
  let url = isTheirs && isFresh && isOfSlack(responseUrl, ways.apiUrl) ? responseUrl : null;
  return async (message) => {
    const payload = typeof message === 'string' ? { text: message } : message;
    if (url !== null) {
      const response = await postTo(url, payload);
      if (response !== null) return response;
      url = null;
    }
    // What is to vanish went the other way; it cannot be reached from here.
    if (payload.delete_original === true) return Response.json({ ok: true });
    return await whisper(ways.client, { ...payload, ...placeOf(lacking), user: submitter });
  };
}

/** The URL came back from outside: an answer goes to Slack, or nowhere. */
function isOfSlack(url: string | null, apiUrl: string | null): boolean {
  if (url === null || !URL.canParse(url)) return false;
  const { protocol, host, hostname } = new URL(url);
  if (apiUrl !== null && host === new URL(apiUrl).host) return true;
  return protocol === 'https:' && /(^|\.)slack(-gov)?\.com$/.test(hostname);
}

/** null: this URL takes nothing more. Rejects as Bolt's own respond does. */
async function postTo(url: string, payload: object): Promise<Response | null> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
    signal: AbortSignal.timeout(CALL_MS),
  });
  if (response.status === 404 || response.status === 410) return null;
  if (!response.ok) throw new RespondError('the response_url refused', response.status);
  return response;
}

function placeOf({ channel, asked }: Lacking): { channel: string; thread_ts?: string } {
  return { channel, ...(asked.thread !== null && { thread_ts: asked.thread }) };
}

async function whisper(client: webApi.WebClient, message: object): Promise<Response> {
  // An answer for all reaches this one alone: the bot may be no member, and could not post it.
  const sent = whisperRule.parse(message);
  try {
    return Response.json(await client.apiCall('chat.postEphemeral', sent));
  } catch (error) {
    // Told as a response_url tells it: the same again would be refused again.
    if (error instanceof webApi.WebAPIPlatformError) return Response.json(error.data);
    throw error;
  }
}
