/** The state that the peer's parts share: the workspace, the app's credentials, and the list of refusals. */
import { z } from 'zod';
import type { Flaw } from './drawing-rules.ts';
import type { Signed } from './signed-http.ts';
import { changed, type State } from './workspace-state.ts';

/** Something from the app that Slack would refuse. */
export interface Refusal {
  readonly at: Date;
  /** The Web API method, `response_url`, `ack`, `upload` or `socket`. */
  readonly method: string;
  /** Slack's own error code. */
  readonly error: string;
  /** What is wrong, with JSON pointers if possible. */
  readonly details: readonly string[];
  /** The arguments without the token. */
  readonly sent: unknown;
}

/** Unknown arguments of a method. Slack ignores them, so it does not report a misspelt one. */
export interface Ignored {
  readonly method: string;
  readonly names: readonly string[];
}

/** A failure that a person saw, and would see in Slack too. */
export interface Failure {
  readonly at: Date;
  readonly user: string;
  /** `operation_timeout`, `not_connected`, `http_500`, `dispatch_failed`, or the code of a refused acknowledgement. */
  readonly error: string;
  readonly interaction: string;
}

export interface Credentials {
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly botScopes: readonly string[];
  readonly appScopes: readonly string[];
  /** The error for every call with the token, such as `token_revoked`; null = the token works. */
  botTokenError: string | null;
  appTokenError: string | null;
}

/** The parts of the app's manifest that matter here. */
export interface Declared {
  readonly commands: readonly string[];
  readonly botEvents: readonly string[];
  /** `should_escape`: names and channels in a command's text become ids. */
  readonly escapesCommands: boolean;
  /** `messages_tab_enabled`: people and the app can write direct messages to each other. */
  readonly hasMessagesTab: boolean;
  readonly hasHomeTab: boolean;
}

export interface Slack {
  /** How long the app has to acknowledge a request or to open a modal. */
  readonly deadlineMs: number;
  readonly state: State;
  readonly credentials: Credentials;
  readonly declared: Declared;
  readonly refusals: Refusal[];
  readonly ignored: Ignored[];
  readonly failures: Failure[];
  readonly triggers: Map<string, Trigger>;
  /** Hooks by the last part of their path. */
  readonly hooks: Map<string, Hook>;
  /** HTTP requests by delivery, so that tests can replay them byte for byte. */
  readonly captures: WeakMap<object, Signed>;
  readonly uploads: Map<string, Upload>;
  /** One-time tickets of apps.connections.open. */
  readonly tickets: Set<string>;
  /** The peer's own address, `http://127.0.0.1:PORT`. */
  /** Where the app reaches a part of Slack; all are one address, unless the peer has a domain. */
  readonly origin: (part: 'files' | 'hooks' | 'wss-primary') => string;
}

/** Permission to open one modal, within the deadline after the person's act. */
export interface Trigger {
  readonly id: string;
  readonly user: string;
  readonly interaction: string;
  /** On the monotonic clock. */
  readonly givenAtMs: number;
  isUsed: boolean;
  /** The id of the modal that it opened; null = not used yet. */
  view: string | null;
}

/** A response_url, and the message that it can replace. */
export interface Hook {
  readonly token: string;
  readonly user: string;
  readonly channel: string;
  readonly interaction: string;
  /** The clicked message; null = a command or a shortcut, so there is nothing to replace yet. */
  readonly clicked: Stand | null;
  readonly givenAt: Date;
  uses: number;
  /** The last answer through it; null = none yet. */
  last: Stand | null;
}

/** The place of a message that can be replaced. */
export type Stand =
  | { readonly kind: 'message'; readonly channel: string; readonly ts: string }
  | { readonly kind: 'ephemeral'; readonly id: string };

export interface Upload {
  readonly fileId: string;
  readonly name: string;
  readonly length: number;
  content: Buffer | null;
}

/** Records a refusal. */
export function refuse(slack: Slack, method: string, outcome: Outcome, sent: unknown): void {
  if (outcome.kind === 'refused') {
    const { error, details } = outcome;
    slack.refusals.push({ at: slack.state.clock(), method, error, details, sent });
    changed(slack.state);
  }
}

/** Records unknown arguments, except team_id, which Bolt adds to every call of a listener. */
export function noteIgnored(
  slack: Slack,
  method: string,
  sent: unknown,
  known: readonly string[],
): void {
  const given = typeof sent === 'object' && sent !== null ? Object.keys(sent) : [];
  const names = given.filter((name) => name !== 'team_id' && !known.includes(name));
  if (names.length > 0) {
    slack.ignored.push({ method, names });
  }
}

/** The result of a Web API method. */
export type Outcome =
  | { readonly kind: 'done'; readonly body: object }
  | {
      readonly kind: 'refused';
      readonly error: string;
      readonly details: readonly string[];
      readonly more: object;
    };

export function done(body: object = {}): Outcome {
  return { kind: 'done', body };
}

export function refused(
  error: string,
  details: readonly string[] = [],
  more: object = {},
): Outcome {
  return { kind: 'refused', error, details, more };
}

/** The lines for response_metadata.messages, in Slack's form. */
export function detailsOf(flaws: readonly Flaw[]): readonly string[] {
  return flaws.map((flaw) => `[ERROR] ${flaw.why} [json-pointer:${flaw.pointer}]`);
}

export interface Method {
  readonly token: 'bot' | 'app' | 'none';
  /** One of these scopes is enough; empty = no scope is needed. */
  readonly scopes: readonly string[];
  /** The names of its known arguments. */
  readonly names: readonly string[];
  readonly run: (sent: unknown, slack: Slack) => Outcome;
}

export interface MethodRule<S extends z.ZodRawShape> {
  readonly args: S;
  readonly scopes?: readonly string[];
  readonly token?: Method['token'];
  readonly run: (args: z.output<z.ZodObject<S>>, slack: Slack) => Outcome;
}

/** A method that runs only with valid arguments, and otherwise answers `invalid_arguments`. */
export function method<S extends z.ZodRawShape>(rule: MethodRule<S>): Method {
  const args = z.object(rule.args);
  return {
    token: rule.token ?? 'bot',
    scopes: rule.scopes ?? [],
    names: Object.keys(rule.args),
    run: (sent, slack) => {
      const parsed = args.safeParse(sent);
      return parsed.success
        ? rule.run(parsed.data, slack)
        : refused('invalid_arguments', parsed.error.issues.map(issueLine));
    },
  };
}

function issueLine(issue: z.core.$ZodIssue): string {
  return `[ERROR] ${issue.message} [json-pointer:/${issue.path.map(String).join('/')}]`;
}
