import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { count } from '../../chat/lists.ts';
import {
  type Check,
  type CheckResult,
  green,
  red,
  unanswered,
  yellow,
} from '../../doctor/check.ts';
import { checkChannel } from './channels.ts';
import { ask, type CallResult, createClient, type SlackAccess, tokenAdvice } from './client.ts';
import { judgeCode, judgeFailure, type Question } from './failure.ts';
import { tryHost } from './hosts.ts';
import { MANY_SOCKETS } from './socket-connection.ts';

/** Doctor's checks of Slack: tokens, scopes, channels and user groups. Does I/O. */

export interface SlackCheckOptions extends SlackAccess {
  /** null = HTTP mode. */
  readonly appToken: string | null;
  /** Where alerts and flush requests go. */
  readonly channels: readonly string[];
  /** User groups in OPERATORS and APPROVERS. */
  readonly groups: readonly string[];
}

/** The bot's scopes in manifest.yml, each with what does not work without it. */
export const NEEDED_SCOPES: Readonly<Record<string, string>> = {
  commands: '/hostcache does not work',
  'chat:write': 'the bot cannot post',
  'users:read': 'the bot cannot see who is a member, so it refuses everybody',
  'usergroups:read': 'user groups in OPERATORS and APPROVERS allow nobody',
  'files:write': 'evidence and long lists cannot be uploaded',
  'app_mentions:read': '@hostcache is not answered, in threads either',
};

/** manifest.yml, bot_optional. */
export const OPTIONAL_SCOPES: Readonly<Record<string, string>> = {
  'channels:history':
    'if an answer from Slack is lost, a post in a public channel may appear twice',
  'groups:history': 'if an answer from Slack is lost, a post in a private channel may appear twice',
  'channels:read': 'doctor cannot check whether the bot is in a public channel',
  'groups:read': 'doctor cannot check whether the bot is in a private channel',
};

const REINSTALL = "Add it on the app's page, OAuth & Permissions, and install the app again.";

export function createSlackCheck(options: SlackCheckOptions): Check {
  const { appToken, apiUrl, channels, groups } = options;
  const where = apiUrl ?? 'slack.com';
  const client = createClient(options, { timeoutMs: 5000, retries: 1 });
  return {
    name: 'Slack',
    run: async () => {
      const self = await ask(selfRule, () => client.auth.test());
      if (self.kind !== 'told') {
        return [notKnown(self, { token: 'SLACK_BOT_TOKEN', method: 'auth.test', where })];
      }
      const { user, team, response_metadata: metadata } = self.value;
      const results = await Promise.all([
        ...(appToken === null ? [] : [checkAppToken(client, appToken, options)]),
        ...channels.map((channel) => checkChannel(client, channel, user)),
        ...groups.map((group) => checkGroup(client, group)),
      ]);
      return [
        green(`the bot token belongs to ${user} in ${team}.`),
        ...judgeScopes(metadata?.scopes ?? null),
        ...results,
      ];
    },
  };
}

/** The client puts the header x-oauth-scopes into response_metadata. */
const selfRule = z.object({
  user: z.string(),
  team: z.string(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

/** `given`: the token's scopes; null = Slack did not list them. */
export function judgeScopes(given: readonly string[] | null): readonly CheckResult[] {
  if (given === null) {
    return [
      yellow(
        'Slack did not list the scopes of the bot token.',
        "Compare OAuth & Permissions on the app's page with manifest.yml.",
      ),
    ];
  }
  const judge = (scopes: Readonly<Record<string, string>>, level: typeof red) =>
    Object.entries(scopes)
      .filter(([scope]) => !given.includes(scope))
      .map(([scope, loss]) =>
        level(`the bot token is missing the scope ${scope}: ${loss}.`, REINSTALL),
      );
  const missing = [...judge(NEEDED_SCOPES, red), ...judge(OPTIONAL_SCOPES, yellow)];
  return missing.length > 0 ? missing : [green('the bot token has every scope in the manifest.')];
}

async function checkAppToken(
  client: webApi.WebClient,
  token: string,
  { apiUrl, proxies }: Pick<SlackAccess, 'apiUrl' | 'proxies'>,
): Promise<CheckResult> {
  // Slack only returns an address, and the ticket in it is not used.
  const rule = z.object({ url: z.url() });
  const opened = await ask(rule, () => client.apps.connections.open({ token }));
  if (opened.kind === 'told') {
    const { url } = opened.value;
    const fault = await tryHost(url, `${new URL(url).host} (Socket Mode)`, proxies ?? null);
    return fault ?? green(`the app-level token can open Socket Mode connections. ${MANY_SOCKETS}`);
  }
  if (opened.kind === 'refused' && opened.code === 'missing_scope') {
    return red(
      'the app-level token is missing the scope connections:write.',
      tokenAdvice('SLACK_APP_TOKEN', opened.code),
    );
  }
  return notKnown(opened, {
    token: 'SLACK_APP_TOKEN',
    method: 'apps.connections.open',
    where: apiUrl ?? 'slack.com',
  });
}

async function checkGroup(client: webApi.WebClient, id: string): Promise<CheckResult> {
  const rule = z.object({ users: z.array(z.string()) });
  const asked = await ask(rule, () => client.usergroups.users.list({ usergroup: id }));
  if (asked.kind === 'silent')
    return unanswered(`user group ${id}: ${asked.why}.`, 'Run doctor again.');
  if (asked.kind === 'refused') {
    return red(
      `user group ${id} cannot be read (${asked.code}), so it allows nobody.`,
      'Check its id in OPERATORS and APPROVERS, and the scope usergroups:read.',
    );
  }
  const size = asked.value.users.length;
  if (size === 0) {
    return yellow(`user group ${id} is empty, so it allows nobody.`, 'Add people to it.');
  }
  // Slack has no method that tells a bot who may edit a group.
  const advice =
    "Bots cannot see who may edit it: allow only admins in Slack's settings, Permissions, User Groups.";
  return green(`user group ${id} has ${count(size, 'person', 'people')}. ${advice}`);
}

function notKnown(
  asked: Exclude<CallResult<unknown>, { kind: 'told' }>,
  question: Question,
): CheckResult {
  if (asked.kind === 'silent' && asked.error === null) {
    const says = `Slack gave ${asked.why} at ${question.where}.`;
    return unanswered(says, 'Check SLACK_API_URL, then run doctor again.');
  }
  const { says, advice, isFinal } =
    asked.kind === 'refused'
      ? judgeCode(asked.code, question)
      : judgeFailure(asked.error, question);
  return unanswered(says, isFinal ? advice : `${advice} Then run doctor again.`);
}
