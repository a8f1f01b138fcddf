import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { callFault } from './call-fault.ts';
import { createClient, type SlackAccess } from './client.ts';

/** Asks the world: whether the bot may post where alerts will go, before the first one does. */

const INVITE = 'invite the bot there: /invite @hostcache';

const infoRule = z.object({
  channel: z.object({ is_member: z.boolean().optional(), is_archived: z.boolean().optional() }),
});

/** What is wrong with each channel, a line each; what cannot be asked is not told. Never rejects. */
export async function channelFaults(
  channels: readonly string[],
  access: SlackAccess,
): Promise<readonly string[]> {
  const client = createClient(access, { timeoutMs: 8000, retries: 0 });
  const faults: string[] = [];
  // One after the other: with very many channels Slack would ask for a pause.
  for (const channel of new Set(channels)) {
    const fault = await faultOf(client, channel);
    if (fault === 'unknown') break;
    if (fault !== null) faults.push(`Alerts cannot be posted to ${channel}: ${fault}.`);
  }
  return faults;
}

/** `unknown`: Slack does not say, as without the scope channels:read. */
async function faultOf(client: webApi.WebClient, channel: string): Promise<string | null> {
  try {
    const info = infoRule.parse(await client.conversations.info({ channel })).channel;
    if (info.is_archived === true) return 'it is archived; unarchive it, or name another';
    return info.is_member === false ? `the bot is not a member; ${INVITE}` : null;
  } catch (error) {
    const fault = callFault(error, `tell of ${channel}`);
    return fault.kind === 'refused' && fault.code === 'channel_not_found'
      ? `there is no such channel, or it is private; check its id, or ${INVITE}`
      : 'unknown';
  }
}
