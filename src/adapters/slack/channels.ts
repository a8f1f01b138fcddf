import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { type CheckResult, green, red, unanswered, yellow } from '../../doctor/check.ts';
import { ask, createClient, type SlackAccess } from './client.ts';

/** Checks that the bot can post to the alert channels: for doctor, and at each start. Does I/O. */

/** One line for each channel with a problem. Stops at one that cannot be checked. Never rejects. */
export async function channelFaults(
  channels: readonly string[],
  access: SlackAccess,
): Promise<readonly string[]> {
  const client = createClient(access, { timeoutMs: 8000, retries: 0 });
  const faults: string[] = [];
  // One at a time: with very many channels Slack would limit the rate.
  for (const channel of new Set(channels)) {
    const { level, says, next } = await checkChannel(client, channel, 'hostcache');
    if (level === 'red') faults.push(`Alerts cannot be posted: ${says} ${next}`);
    else if (level !== 'green') break;
  }
  return faults;
}

const channelRule = z.object({
  channel: z.object({
    name: z.string(),
    is_member: z.boolean().optional(),
    is_archived: z.boolean().optional(),
  }),
});

/** `bot`: the name to invite it by. Never rejects. */
export async function checkChannel(
  client: webApi.WebClient,
  id: string,
  bot: string,
): Promise<CheckResult> {
  const asked = await ask(channelRule, () => client.conversations.info({ channel: id }));
  const invite = `Invite it there: /invite @${bot}`;
  if (asked.kind === 'silent')
    return unanswered(`channel ${id}: ${asked.why}.`, 'Run doctor again.');
  if (asked.kind === 'refused') return channelRefused(id, asked.code, invite);
  const { name, is_member: isMember, is_archived: isArchived } = asked.value.channel;
  const called = `#${name} (${id})`;
  if (isArchived === true) {
    return red(`${called} is archived.`, 'Unarchive it, or set another in ALERT_CHANNEL.');
  }
  if (isMember !== true) {
    return red(`the bot is not in ${called}, so alerts do not arrive there.`, invite);
  }
  return green(`the bot is in ${called}.`);
}

function channelRefused(id: string, code: string, invite: string): CheckResult {
  switch (code) {
    case 'missing_scope':
      return yellow(
        `cannot check whether the bot is in channel ${id}: missing_scope.`,
        `Give the app the scopes channels:read and groups:read, or check in Slack. ${invite}`,
      );
    case 'channel_not_found':
      return red(
        `channel ${id} does not exist, or is private and the bot is not in it.`,
        `Check the id in ALERT_CHANNEL (channel details, at the bottom). ${invite}`,
      );
    default:
      return red(`Slack refused to show channel ${id}: ${code}.`, invite);
  }
}
