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
import { type Asked, ask, createClient, type SlackAccess } from './client.ts';

/** Asks the world: whether Slack knows the tokens, gives the scopes, and lets the bot into its channels. */

export interface SlackCheckOptions extends SlackAccess {
  /** null: HTTP mode. */
  readonly appToken: string | null;
  /** Where alerts and flush requests go. */
  readonly channels: readonly string[];
  /** User groups of OPERATORS and APPROVERS. */
  readonly groups: readonly string[];
}

/** The bot's scopes in manifest.yml, each with what does not work without it. */
export const NEEDED_SCOPES: Readonly<Record<string, string>> = {
  commands: '/hostcache is not heard',
  'chat:write': 'nothing can be posted',
  'users:read': 'nobody is known as a member, so nobody may use the bot',
  'usergroups:read': 'user groups in OPERATORS and APPROVERS allow nobody',
  'files:write': 'evidence and long lists cannot be uploaded',
};

/** manifest.yml, bot_optional. */
export const OPTIONAL_SCOPES: Readonly<Record<string, string>> = {
  'channels:history': 'after a lost answer of Slack a post in a public channel may come twice',
  'groups:history': 'after a lost answer of Slack a post in a private channel may come twice',
  'channels:read': 'membership of public channels cannot be checked here',
  'groups:read': 'membership of private channels cannot be checked here',
};

const REINSTALL = "Add it on the app's page, OAuth & Permissions, and install the app again.";

export function createSlackCheck(options: SlackCheckOptions): Check {
  const { appToken, apiUrl, channels, groups } = options;
  const client = createClient(options, { timeoutMs: 5000, retries: 1 });
  return {
    name: 'Slack',
    run: async () => {
      const self = await ask(selfRule, () => client.auth.test());
      if (self.kind !== 'told') return [notKnown('SLACK_BOT_TOKEN', self, apiUrl)];
      const { user, team, response_metadata: metadata } = self.value;
      const results = await Promise.all([
        ...(appToken === null ? [] : [checkAppToken(client, appToken, apiUrl)]),
        ...channels.map((channel) => checkChannel(client, channel, user)),
        ...groups.map((group) => checkGroup(client, group)),
      ]);
      return [
        green(`the bot token is that of ${user} in ${team}.`),
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

/** `given`: null where Slack did not say. */
export function judgeScopes(given: readonly string[] | null): readonly CheckResult[] {
  if (given === null) {
    return [
      yellow(
        'Slack did not say which scopes the token has.',
        "Compare OAuth & Permissions on the app's page with manifest.yml.",
      ),
    ];
  }
  const lacks = (scopes: Readonly<Record<string, string>>) =>
    Object.entries(scopes).filter(([scope]) => !given.includes(scope));
  const missing = [
    ...lacks(NEEDED_SCOPES).map(([scope, loss]) => red(sayMissing(scope, loss), REINSTALL)),
    ...lacks(OPTIONAL_SCOPES).map(([scope, loss]) => yellow(sayMissing(scope, loss), REINSTALL)),
  ];
  return missing.length > 0 ? missing : [green('it has every scope that the manifest asks for.')];
}

function sayMissing(scope: string, loss: string): string {
  return `the bot token lacks the scope ${scope}: ${loss}.`;
}

async function checkAppToken(
  client: webApi.WebClient,
  token: string,
  apiUrl: string | null,
): Promise<CheckResult> {
  // It only hands out an address; no connection is opened.
  const opened = await ask(z.object({}), () => client.apps.connections.open({ token }));
  if (opened.kind === 'told') return green('the app-level token may open Socket Mode.');
  if (opened.kind === 'refused' && opened.code === 'missing_scope') {
    return red(
      'the app-level token lacks the scope connections:write.',
      "Make one that has it on the app's page: Basic Information, App-Level Tokens.",
    );
  }
  return notKnown('SLACK_APP_TOKEN', opened, apiUrl);
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
    return yellow(`user group ${id} is empty, so it allows nobody.`, 'Put people into it.');
  }
  // No method of Slack's tells it to a bot.
  return green(
    `user group ${id} has ${count(size, 'person', 'people')}. Who may edit it cannot be read here: in Slack's settings, Permissions, User Groups, it should be admins only.`,
  );
}

function notKnown(
  setting: 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN',
  asked: Exclude<Asked<unknown>, { kind: 'told' }>,
  apiUrl: string | null,
): CheckResult {
  if (asked.kind === 'silent') {
    const where = apiUrl ?? 'slack.com';
    return unanswered(
      `Slack did not answer at ${where}: ${asked.why}.`,
      'See whether this machine gets out to it, and https://slack-status.com.',
    );
  }
  const page = setting === 'SLACK_APP_TOKEN' ? 'Basic Information' : 'OAuth & Permissions';
  return unanswered(
    `Slack refused ${setting}: ${asked.code}.`,
    `Copy the token anew from the app's page, ${page}.`,
  );
}
