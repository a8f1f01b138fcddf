/** The peer's HTTP side: the Web API, response_urls and uploads, with injected faults. Does I/O. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { chatMethods } from './chat-methods.ts';
import { conversationMethods } from './conversation-methods.ts';
import type { Fault, Faults } from './faults.ts';
import { fileMethods, takeUpload } from './file-methods.ts';
import { peopleMethods } from './people-methods.ts';
import { argumentsOf, bodyOf, bytesOf } from './request-body.ts';
import { useHook } from './response-url.ts';
import { type Method, noteIgnored, type Outcome, refuse, refused, type Slack } from './slack.ts';
import { viewMethods } from './view-methods.ts';

const METHODS: Readonly<Record<string, Method>> = {
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...peopleMethods,
  ...viewMethods,
};

/** Answers one request. Returns false without touching it if the path is not Slack's. */
export async function serve(
  slack: Slack,
  faults: Faults,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://peer');
  const [, room = '', first = '', second = ''] = pathname.split('/');
  if (!['api', 'commands', 'actions', 'upload'].includes(room)) {
    return false;
  }
  const body = await bodyOf(request);
  if (room === 'upload') {
    const content = await bytesOf(request, body);
    const sent = { file: second, bytes: content.length };
    const exchange = { slack, faults, response, method: 'upload', sent };
    answerPlainly(exchange, () => takeUpload(slack, second, content));
    return true;
  }
  const given = argumentsOf(request, body, searchParams);
  const { token, ...sent } = given;
  if (room === 'api') {
    const exchange = { slack, faults, response, method: first, sent };
    answerCall(exchange, bearer(request) ?? (token === undefined ? undefined : String(token)));
  } else {
    const exchange = { slack, faults, response, method: 'response_url', sent: given };
    answerPlainly(exchange, () => useHook(slack, second, given));
  }
  return true;
}

interface Exchange {
  readonly slack: Slack;
  readonly faults: Faults;
  readonly response: ServerResponse;
  readonly method: string;
  readonly sent: object;
}

function answerCall(exchange: Exchange, token: string | undefined): void {
  const { slack, faults, response, method, sent } = exchange;
  const fault = faults.pick(method, sent);
  if (fault !== null && strikes(fault, 'before', response)) {
    return;
  }
  const outcome =
    fault?.kind === 'refusal' ? refused(fault.error) : call(slack, method, token, sent);
  if (fault?.kind !== 'refusal') {
    refuse(slack, method, outcome, sent);
  }
  if (fault !== null && strikes(fault, 'after', response)) {
    return;
  }
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'x-oauth-scopes': slack.credentials.botScopes.join(','),
    'x-accepted-oauth-scopes': METHODS[method]?.scopes.join(',') ?? '',
  });
  response.end(JSON.stringify(jsonOf(outcome)));
}

/** A response_url and an upload answer "ok", or an HTTP error with its code. */
function answerPlainly(exchange: Exchange, act: () => Outcome): void {
  const { slack, faults, response, method, sent } = exchange;
  const fault = faults.pick(method, sent);
  if (fault !== null && strikes(fault, 'before', response)) {
    return;
  }
  const outcome = fault?.kind === 'refusal' ? refused(fault.error) : act();
  if (fault?.kind !== 'refusal') {
    refuse(slack, method, outcome, sent);
  }
  if (fault !== null && strikes(fault, 'after', response)) {
    return;
  }
  if (outcome.kind === 'done') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('ok');
    return;
  }
  const isGone = outcome.error.endsWith('_url') || outcome.error === 'file_not_found';
  response.writeHead(isGone ? 404 : 400, { 'content-type': 'text/html' }).end(outcome.error);
}

/** Applies the fault; true = it has replaced the answer. */
function strikes(fault: Fault, when: 'before' | 'after', response: ServerResponse): boolean {
  switch (fault.kind) {
    case 'rate-limited':
      if (when === 'after') {
        return false;
      }
      response
        .writeHead(429, {
          'content-type': 'application/json',
          'retry-after': String(fault.retryAfterS),
        })
        .end('{"ok":false,"error":"ratelimited"}');
      return true;
    case 'http-error':
      if (fault.when === when) {
        response.writeHead(fault.status, { 'content-type': 'text/html' }).end('upstream error');
      }
      return fault.when === when;
    case 'silence':
      return fault.when === when;
    case 'reset':
      if (fault.when === when) {
        response.destroy();
      }
      return fault.when === when;
    case 'refusal':
      return false;
  }
}

function call(slack: Slack, name: string, token: string | undefined, sent: object): Outcome {
  const method = METHODS[name];
  if (method === undefined) {
    return refused('unknown_method', [name], { req_method: name });
  }
  noteIgnored(slack, name, sent, method.names);
  return tokenFault(slack, method, token) ?? method.run(sent, slack);
}

function tokenFault(slack: Slack, method: Method, token: string | undefined): Outcome | null {
  const { credentials } = slack;
  if (method.token === 'none') {
    return null;
  }
  if (token === undefined || token === '') {
    return refused('not_authed');
  }
  const kind =
    token === credentials.botToken ? 'bot' : token === credentials.appToken ? 'app' : null;
  if (kind === null) {
    return refused('invalid_auth');
  }
  const trouble = kind === 'bot' ? credentials.botTokenError : credentials.appTokenError;
  if (trouble !== null) {
    return refused(trouble);
  }
  if (kind !== method.token) {
    return refused('not_allowed_token_type', [`expected the ${method.token} token`]);
  }
  const provided = kind === 'bot' ? credentials.botScopes : credentials.appScopes;
  const needed = method.scopes.join(',');
  return method.scopes.length === 0 || method.scopes.some((scope) => provided.includes(scope))
    ? null
    : refused('missing_scope', [needed], { needed, provided: provided.join(',') });
}

function jsonOf(outcome: Outcome): object {
  return outcome.kind === 'done'
    ? { ok: true, ...outcome.body }
    : {
        ok: false,
        error: outcome.error,
        ...outcome.more,
        ...(outcome.details.length > 0 && { response_metadata: { messages: outcome.details } }),
      };
}

function bearer(request: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
