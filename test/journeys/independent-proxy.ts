import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';

/** The proxy between the bot and `emulate`: counts the bot's calls, and adds what emulate lacks. Does I/O. */

/** All that is not emulate’s own; the test asserts that each is used. The first two end by themselves once emulate has them. */
export const LACKS = {
  'guest flags': 'users.info says nothing of is_restricted and is_ultra_restricted',
  response_url: 'it has none: an answer is stored with chat.postEphemeral or chat.postMessage',
  acts: 'it sends no commands, clicks and forms: the test signs and posts them',
  app_home_opened: 'it sends no event of an opened App Home: the test does',
  'reading of views': 'no method returns a view: what it answered to the bot is kept',
} as const;

export type Lack = keyof typeof LACKS;

const answerRule = z.looseObject({ ok: z.boolean(), error: z.string().optional() });

export type Answer = z.output<typeof answerRule>;

export const BOT_TOKEN = 'xoxb-independent';

/** Who is answered through a response_url, and where. */
export interface Hook {
  readonly channel: string;
  readonly user: string;
}

export interface LackProxy {
  readonly origin: string;
  /** What the bot called, by method or path. */
  readonly calls: readonly string[];
  /** Calls of the bot that were refused or failed. */
  readonly failed: readonly string[];
  readonly used: Set<Lack>;
  /** The last App Home and the last modal, as emulate returned them; undefined = none. */
  lastView(type: 'home' | 'modal'): unknown;
  giveResponseUrl(hook: Hook): string;
  stop(): Promise<void>;
}

/** `target`: `http://127.0.0.1:PORT` of emulate. */
export async function startLackProxy(target: string): Promise<LackProxy> {
  const seen: Seen = { calls: [], failed: [], used: new Set(), views: [], hooks: new Map() };
  const server = createServer((request, response) => {
    passOn(request, { target, seen }).then(
      ({ status, contentType, body }) =>
        response.writeHead(status, { 'content-type': contentType }).end(body),
      (error: unknown) => {
        seen.failed.push(`${request.url}: ${String(error)}`);
        response.destroy();
      },
    );
  });
  const origin = await listen(server);
  return {
    origin,
    ...seen,
    lastView: (type) => {
      seen.used.add('reading of views');
      return seen.views.findLast((view) => viewRule.safeParse(view).data?.type === type);
    },
    giveResponseUrl: (hook) => {
      const path = `/hooks/${seen.hooks.size + 1}`;
      seen.hooks.set(path, hook);
      return origin + path;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Seen {
  readonly calls: string[];
  readonly failed: string[];
  readonly used: Set<Lack>;
  readonly views: unknown[];
  /** By path: who is answered, and where. */
  readonly hooks: Map<string, Hook>;
}

interface Parts {
  readonly target: string;
  readonly seen: Seen;
}

interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Passes a call of the bot on to emulate, and completes the answer. */
async function passOn(request: IncomingMessage, { target, seen }: Parts): Promise<Reply> {
  const { url: path = '/', method = 'GET', headers } = request;
  const sent = await buffer(request);
  const call = path.replace('/api/', '').replace(/\?.*|(?<=^\/\w+)\/.*/, '');
  const { authorization, 'content-type': type } = headers;
  const response = await fetch(target + path, {
    method,
    headers: { ...(authorization && { authorization }), ...(type && { 'content-type': type }) },
    ...(method !== 'GET' && { body: sent }),
  });
  const { status } = response;
  const contentType = response.headers.get('content-type') ?? '';
  const plain: Reply = { status, contentType, body: await response.text() };
  const hook = status === 404 ? seen.hooks.get(path) : undefined;
  const reply =
    hook === undefined
      ? completed(call, plain, seen)
      : await answer(hook, String(sent), { target, seen });
  seen.calls.push(call);
  if (reply.status >= 400 || /"ok":\s*false/.test(reply.body)) {
    seen.failed.push(`${call}: ${reply.status} ${reply.body}, to ${sent}`);
  }
  return reply;
}

function completed(call: string, reply: Reply, { used, views }: Seen): Reply {
  if (call.startsWith('views.')) views.push(answerRule.parse(JSON.parse(reply.body))['view']);
  if (call !== 'users.info') return reply;
  const { user, ...rest } = answerRule.parse(JSON.parse(reply.body));
  const person = z.looseObject({}).safeParse(user);
  if (!person.success || 'is_restricted' in person.data) return reply;
  used.add('guest flags');
  const flags = { is_restricted: false, is_ultra_restricted: false };
  return { ...reply, body: JSON.stringify({ ...rest, user: { ...person.data, ...flags } }) };
}

const viewRule = z.looseObject({ type: z.string() });

const hookRule = z.looseObject({
  text: z.string().optional(),
  blocks: z.array(z.unknown()).optional(),
  thread_ts: z.string().optional(),
  response_type: z.string().optional(),
  delete_original: z.boolean().optional(),
});

/** A private message cannot be changed or deleted in emulate: another one stands below it. */
async function answer(
  { channel, user }: Hook,
  sent: string,
  { target, seen }: Parts,
): Promise<Reply> {
  seen.used.add('response_url');
  const { text, blocks, thread_ts, response_type, delete_original } = hookRule.parse(
    JSON.parse(sent),
  );
  if (delete_original !== true) {
    await askEmulate(
      target,
      response_type === 'in_channel' ? 'chat.postMessage' : 'chat.postEphemeral',
      {
        channel,
        user,
        ...(text !== undefined && { text }),
        ...(blocks !== undefined && { blocks: JSON.stringify(blocks) }),
        ...(thread_ts !== undefined && { thread_ts }),
      },
    );
  }
  return { status: 200, contentType: 'application/json', body: '{"ok":true}' };
}

/** Asks as the bot, past the proxy. Rejects if emulate refuses. */
export async function askEmulate(
  target: string,
  method: string,
  args: Readonly<Record<string, string>>,
): Promise<Answer> {
  const response = await fetch(`${target}/api/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOT_TOKEN}` },
    body: new URLSearchParams(args),
  });
  const answered = answerRule.parse(await response.json());
  if (!answered.ok) throw new Error(`emulate refuses ${method}: ${answered.error}`);
  return answered;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
