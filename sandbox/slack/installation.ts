/** The app's installation in the workspace: tokens, scopes, and declarations of the manifest. */
import type { Declared, Slack } from './slack.ts';
import { createState } from './workspace-state.ts';

export interface Installation {
  /** The clock for message ids and expiry; the deadline uses real time. */
  readonly clock?: () => Date;
  /** How long the app has to acknowledge a request or to open a modal; default Slack's three seconds. */
  readonly deadlineMs?: number;
  readonly manifest?: Partial<Declared>;
  readonly botScopes?: readonly string[];
  readonly appScopes?: readonly string[];
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
}

/** The bot scopes of our manifest, with the optional ones. */
export const BOT_SCOPES: readonly string[] = [
  'commands',
  'chat:write',
  'usergroups:read',
  'users:read',
  'files:write',
  'app_mentions:read',
  'channels:history',
  'groups:history',
  'channels:read',
  'groups:read',
];

/** https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response */
const DEADLINE_MS = 3000;

export function install(installation: Installation, origin: Slack['origin']): Slack {
  const { clock = () => new Date(), manifest, botScopes, appScopes } = installation;
  const { botToken, appToken, signingSecret, deadlineMs = DEADLINE_MS } = installation;
  return {
    deadlineMs,
    state: createState(clock),
    credentials: {
      botToken: botToken ?? 'xoxb-1111111111-2222222222-sandboxsandboxsandboxsand',
      appToken: appToken ?? 'xapp-1-A0HOSTCACHE-3333333333-sandboxsandboxsandboxsandbox',
      signingSecret: signingSecret ?? 'c0ffee00c0ffee00c0ffee00c0ffee00',
      botScopes: botScopes ?? BOT_SCOPES,
      appScopes: appScopes ?? ['connections:write'],
      botTokenError: null,
      appTokenError: null,
    },
    declared: {
      commands: ['/hostcache'],
      botEvents: ['app_home_opened', 'app_mention'],
      escapesCommands: false,
      hasMessagesTab: true,
      hasHomeTab: true,
      ...manifest,
    },
    refusals: [],
    ignored: [],
    failures: [],
    triggers: new Map(),
    hooks: new Map(),
    captures: new WeakMap(),
    uploads: new Map(),
    tickets: new Set(),
    origin,
  };
}
