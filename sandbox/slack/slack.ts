/** What the peer's parts share: the workspace, the app's credentials, and the book of everything refused. */
import { z } from 'zod';
import type { Flaw } from './drawing-rules.ts';
import type { Signed } from './signed-http.ts';
import { changed, type State } from './workspace-state.ts';

/** Something that the app sent and Slack would not take. */
export interface Refusal {
  readonly at: Date;
  /** The Web API method, `response_url`, `ack`, `upload` or `socket`. */
  readonly method: string;
  /** Slack's own error code. */
  readonly error: string;
  /** What is wrong, each with a JSON pointer where one can be given. */
  readonly details: readonly string[];
  /** What was sent, without the token. */
  readonly sent: unknown;
}

/** Arguments that a method does not know: Slack passes over them, so a misspelt one goes unnoticed there. */
export interface Ignored {
  readonly method: string;
  readonly names: readonly string[];
}

/** Something that a person saw fail, and would have seen fail in Slack. */
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
  /** The error that every call with the token gets from now on, `token_revoked` or so; null = it is good. */
  botTokenError: string | null;
  appTokenError: string | null;
}

/** What the app declared of itself in its manifest, as far as it matters here. */
export interface Declared {
  readonly commands: readonly string[];
  readonly botEvents: readonly string[];
  /** `should_escape`: names and channels in a command's text arrive as ids. */
  readonly escapesCommands: boolean;
  /** `messages_tab_enabled`: the app can be written to, and can write, in direct messages. */
  readonly hasMessagesTab: boolean;
  readonly hasHomeTab: boolean;
}

export interface Slack {
  /** How long an app has to acknowledge, and to open a modal. */
  readonly deadlineMs: number;
  readonly state: State;
  readonly credentials: Credentials;
  readonly declared: Declared;
  readonly refusals: Refusal[];
  readonly ignored: Ignored[];
  readonly failures: Failure[];
  readonly triggers: Map<string, Trigger>;
  /** By the last part of their path. */
  readonly hooks: Map<string, Hook>;
  /** What went over HTTP, to be replayed bit for bit. */
  readonly captures: WeakMap<object, Signed>;
  readonly uploads: Map<string, Upload>;
  /** One-time tickets of apps.connections.open. */
  readonly tickets: Set<string>;
  /** The peer's own address, `http://127.0.0.1:PORT`. */
  readonly origin: () => string;
}

/** Leave to open one modal, within the deadline after what the person did. */
export interface Trigger {
  readonly id: string;
  readonly user: string;
  readonly interaction: string;
  /** Of the monotonic clock. */
  readonly givenAtMs: number;
  isUsed: boolean;
  /** The modal it was spent on; null = none yet. */
  view: string | null;
}

/** A response_url, and what stands at its other end. */
export interface Hook {
  readonly token: string;
  readonly user: string;
  readonly channel: string;
  readonly interaction: string;
  /** The message that was clicked; null = a command, a shortcut: nothing to overwrite yet. */
  readonly clicked: Stand | null;
  readonly givenAt: Date;
  uses: number;
  /** What was last said through it. */
  last: Stand | null;
}

/** Where a message stands that can be overwritten. */
export type Stand =
  | { readonly kind: 'message'; readonly channel: string; readonly ts: string }
  | { readonly kind: 'ephemeral'; readonly id: string };

export interface Upload {
  readonly fileId: string;
  readonly name: string;
  readonly length: number;
  content: Buffer | null;
}

/** Writes a refusal into the book. */
export function refuse(slack: Slack, method: string, outcome: Outcome, sent: unknown): void {
  if (outcome.kind === 'refused') {
    const { error, details } = outcome;
    slack.refusals.push({ at: slack.state.clock(), method, error, details, sent });
    changed(slack.state);
  }
}

/** Notes the arguments that are not among the known ones; Bolt adds team_id to every call that a listener makes. */
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

/** What a Web API method comes to. */
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

/** The line that Slack writes into response_metadata.messages. */
export function detailsOf(flaws: readonly Flaw[]): readonly string[] {
  return flaws.map((flaw) => `[ERROR] ${flaw.why} [json-pointer:${flaw.pointer}]`);
}

export interface Method {
  readonly token: 'bot' | 'app' | 'none';
  /** Any one of these lets the call through; none = no scope is asked for. */
  readonly scopes: readonly string[];
  /** The arguments that it knows. */
  readonly names: readonly string[];
  readonly run: (sent: unknown, slack: Slack) => Outcome;
}

export interface MethodRule<S extends z.ZodRawShape> {
  readonly args: S;
  readonly scopes?: readonly string[];
  readonly token?: Method['token'];
  readonly run: (args: z.output<z.ZodObject<S>>, slack: Slack) => Outcome;
}

/** A method that sees its arguments only after they were found good; else `invalid_arguments`. */
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
