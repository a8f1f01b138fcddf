// The receiver of HTTP mode on a port of its own, and clients that send it bytes. Does I/O.
import { connect, type Socket } from 'node:net';
import type { App, ReceiverEvent } from '@slack/bolt';
import { onTestFinished } from 'vitest';
import { sign } from '../../../sandbox/slack/signed-http.ts';
import { createHttpReceiver, type HttpLimits } from '../../../src/adapters/slack/http.ts';
import { createFakeLog } from '../../chat/fake-subcommand.ts';
import { freePort } from '../../journeys/bot.ts';

const SECRET = 'a'.repeat(32);
export const MEGABYTE = 1024 * 1024;
export const FORM = 'application/x-www-form-urlencoded';

/** A port that is open until the test ends. */
export async function open(limits: Partial<HttpLimits> = {}, now = () => new Date()) {
  const port = await freePort();
  const log = createFakeLog();
  const options = {
    signingSecret: SECRET,
    host: '127.0.0.1',
    port,
    log,
    now,
    limits: { lingerMs: 20, ...limits },
  };
  const receiver = createHttpReceiver(options);
  const heard: unknown[] = [];
  const processEvent = async ({ body, ack }: ReceiverEvent) => {
    heard.push(body);
    await ack();
  };
  // The receiver uses nothing else of an App.
  receiver.init({ processEvent } as unknown as App);
  await receiver.start();
  const clients: Socket[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.destroy();
    await receiver.stop();
  });
  const dial = () => {
    const client = createClient(port);
    clients.push(client.socket);
    return client;
  };
  return { dial, heard, log };
}

function createClient(port: number) {
  const socket = connect(port, '127.0.0.1');
  let got = '';
  socket.on('data', (part) => (got += String(part)));
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  return {
    socket,
    closed,
    got: () => got,
    send: (text: string) => socket.write(text),
    /** Resolves when that many answers have begun, with their statuses. */
    statuses: (count = 1) =>
      new Promise<readonly number[]>((resolve, reject) => {
        const look = () => {
          const found = [...got.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
          if (found.length >= count) resolve(found);
        };
        socket.on('data', look);
        void closed.then(() => reject(new Error(`closed after ${JSON.stringify(got)}`)));
        look();
      }),
  };
}

export interface Draft {
  readonly method?: string;
  readonly path?: string;
  readonly version?: string;
  /** undefined leaves a header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  /** Signed, but not sent. */
  readonly isHeadOnly?: boolean;
}

let count = 0;

/** A request as Slack sends it, changed. */
export function wire(draft: Draft = {}): string {
  count += 1;
  const { method = 'POST', path = '/slack/events', version = '1.1', body = `n=${count}` } = draft;
  const signed = sign(SECRET, body, FORM);
  const headers: Record<string, string | undefined> = {
    host: 'bot',
    ...signed.headers,
    'content-length': String(Buffer.byteLength(body)),
    ...draft.headers,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  const head = [`${method} ${path} HTTP/${version}`, ...lines, '', ''].join('\r\n');
  return draft.isHeadOnly ? head : head + body;
}

export const forged = { 'x-slack-signature': `v0=${'0'.repeat(64)}` };
