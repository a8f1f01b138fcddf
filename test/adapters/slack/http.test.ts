import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { App, ReceiverEvent } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';
import { sign } from '../../../sandbox/slack/signed-http.ts';
import { createHttpReceiver, type HttpLimits } from '../../../src/adapters/slack/http.ts';
import { createFakeLog } from '../../chat/fake-subcommand.ts';
import { freePort } from '../../journeys/bot.ts';

/** The port of HTTP mode, byte by byte: what is refused before its body, and what a flood may take. */

const SECRET = 'a'.repeat(32);
const MEGABYTE = 1024 * 1024;
const FORM = 'application/x-www-form-urlencoded';

let close: () => Promise<unknown> = async () => undefined;

afterEach(() => close());

async function open(limits: Partial<HttpLimits> = {}, now = () => new Date()) {
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
  close = async () => {
    for (const client of clients) client.destroy();
    await receiver.stop();
  };
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

interface Draft {
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
function wire(draft: Draft = {}): string {
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

const chunked = { 'content-length': undefined, 'transfer-encoding': 'chunked' };
const forged = { 'x-slack-signature': `v0=${'0'.repeat(64)}` };
const agoSeconds = (s: number) => String(Math.floor(Date.now() / 1000) - s);

describe('headers alone', () => {
  it.each<{ name: string; draft: Draft; status: number }>([
    { name: 'another method', draft: { method: 'PUT' }, status: 404 },
    { name: 'another path', draft: { path: '/slack/event' }, status: 404 },
    {
      name: 'a length over a megabyte',
      draft: { headers: { 'content-length': `${MEGABYTE + 1}` } },
      status: 413,
    },
    {
      name: 'no signature',
      draft: { headers: { 'x-slack-signature': undefined } },
      status: 401,
    },
    {
      name: 'a signature of another version',
      draft: { headers: { 'x-slack-signature': `v1=${'0'.repeat(64)}` } },
      status: 401,
    },
    {
      name: 'a short signature',
      draft: { headers: { 'x-slack-signature': 'v0=00' } },
      status: 401,
    },
    {
      name: 'no time',
      draft: { headers: { ...forged, 'x-slack-request-timestamp': undefined } },
      status: 401,
    },
    {
      name: 'a time that is none',
      draft: { headers: { ...forged, 'x-slack-request-timestamp': 'Infinity' } },
      status: 401,
    },
    {
      name: 'an old time',
      draft: { headers: { ...forged, 'x-slack-request-timestamp': agoSeconds(302) } },
      status: 401,
    },
    {
      name: 'a time ahead',
      draft: { headers: { ...forged, 'x-slack-request-timestamp': agoSeconds(-320) } },
      status: 401,
    },
    {
      name: 'another type of body',
      draft: { headers: { 'content-type': 'text/plain' } },
      status: 415,
    },
    {
      name: 'a compressed body',
      draft: { headers: { 'content-encoding': 'gzip' } },
      status: 415,
    },
    {
      name: 'an offer to wait for 100 Continue',
      draft: { headers: { expect: '100-continue', 'x-slack-signature': undefined } },
      status: 401,
    },
  ])('refuse $name, while the body is still to come', async ({ draft, status }) => {
    const { dial, heard } = await open();
    const client = dial();
    client.send(wire({ isHeadOnly: true, ...draft }));
    expect(await client.statuses()).toEqual([status]);
    expect(client.got()).toMatch(/connection: close/i);
    await client.closed;
    expect(heard).toEqual([]);
  });

  it('refuse a request, and what follows it on the connection is not obeyed', async () => {
    const { dial, heard } = await open();
    const client = dial();
    client.send(wire({ headers: { 'x-slack-signature': 'v0=00' } }) + wire());
    await client.closed;
    expect(heard).toEqual([]);
    expect(client.got().match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

describe('a signed request', () => {
  it.each<{ name: string; draft: Draft }>([
    { name: 'as Slack sends it', draft: {} },
    { name: 'of HTTP/1.0', draft: { version: '1.0' } },
    { name: 'of just a megabyte', draft: { body: `x=${'y'.repeat(MEGABYTE - 2)}` } },
    {
      name: 'with a charset',
      draft: { headers: { 'content-type': `${FORM}; charset=utf-8` } },
    },
  ])('$name is heard', async ({ draft }) => {
    const { dial, heard } = await open();
    const client = dial();
    client.send(wire(draft));
    expect(await client.statuses()).toEqual([200]);
    expect(heard).toHaveLength(1);
  });

  it('is heard in any number of chunks', async () => {
    const { dial, heard } = await open();
    const client = dial();
    client.send(wire({ headers: chunked, body: 'text=ab', isHeadOnly: true }));
    client.send('4;note=x\r\ntext\r\n1\r\n=\r\n2\r\nab\r\n0\r\n\r\n');
    expect(await client.statuses()).toEqual([200]);
    expect(heard).toEqual([{ text: 'ab' }]);
  });

  it('is asked for its body, if it waits to be asked', async () => {
    const { dial, heard } = await open();
    const client = dial();
    const request = wire({ headers: { expect: '100-continue' }, body: 'text=ab' });
    client.send(request.slice(0, -7));
    expect(await client.statuses()).toEqual([100]);
    client.send('text=ab');
    expect(await client.statuses(2)).toEqual([100, 200]);
    expect(heard).toHaveLength(1);
  });

  it('is heard among others on one connection, one after the other and at once', async () => {
    const { dial, heard } = await open();
    const client = dial();
    client.send(wire());
    await client.statuses(1);
    client.send(wire() + wire() + wire());
    expect(await client.statuses(4)).toEqual([200, 200, 200, 200]);
    expect(heard).toHaveLength(4);
  });

  it('is heard, and what follows it and is no request is not', async () => {
    const { dial, heard } = await open();
    const client = dial();
    client.send(wire());
    await client.statuses();
    client.send('garbage\r\n\r\n');
    await client.closed;
    expect(heard).toHaveLength(1);
  });
});

describe('a body', () => {
  it('with a forged signature is refused at its end', async () => {
    const { dial, heard } = await open();
    const client = dial();
    client.send(wire({ headers: forged }));
    expect(await client.statuses()).toEqual([401]);
    await client.closed;
    expect(heard).toEqual([]);
  });

  it('of another megabyte than it said is refused in the middle', async () => {
    const { dial } = await open();
    const client = dial();
    client.send(wire({ headers: chunked, isHeadOnly: true }));
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    for (let sent = 0; sent <= MEGABYTE; sent += 65_536) client.send(chunk);
    expect(await client.statuses()).toEqual([413]);
    await client.closed;
  });

  it.each(['', 'POST /sla', wire({ isHeadOnly: true })])(
    'that does not come after %j ends in a closed connection',
    async (start) => {
      const { dial, heard } = await open({ requestMs: 100 });
      const client = dial();
      client.send(start);
      await client.closed;
      expect(heard).toEqual([]);
    },
  );

  it('that trickles ends in a closed connection, however lively it is', async () => {
    const { dial } = await open({ requestMs: 200 });
    const client = dial();
    client.send(wire({ headers: { 'content-length': '100000' }, isHeadOnly: true }));
    const trickle = setInterval(() => client.send('x'), 10);
    await client.closed;
    clearInterval(trickle);
    expect(client.got()).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('a flood', () => {
  const few = { most: 3, graceMs: 0, mostAtOnce: 3 };

  it('of idle connections closes the oldest, and Slack’s request passes', async () => {
    const { dial, heard } = await open(few);
    const idle = [dial(), dial(), dial()];
    for (const { socket } of idle) await once(socket, 'connect');
    // An answer to each shows that the bot has accepted it.
    const slack = dial();
    slack.send(wire());
    expect(await slack.statuses()).toEqual([200]);
    await idle[0]?.closed;
    expect(idle.map(({ socket }) => socket.destroyed)).toEqual([true, false, false]);
    expect(heard).toHaveLength(1);
  });

  it('never closes a connection on which a request was verified', async () => {
    const { dial } = await open(few);
    const slack = dial();
    slack.send(wire());
    await slack.statuses(1);
    const idle = [dial(), dial(), dial(), dial()];
    await Promise.race(idle.map(({ closed }) => closed));
    slack.send(wire());
    expect(await slack.statuses(2)).toEqual([200, 200]);
  });

  it('spares a newcomer until it could be heard, but not among too many', async () => {
    const { dial } = await open({ most: 1, graceMs: 60_000, mostAtOnce: 3 });
    const idle = [dial(), dial(), dial()];
    for (const { socket } of idle) await once(socket, 'connect');
    const slack = dial();
    slack.send(wire());
    expect(await slack.statuses()).toEqual([200]);
    await idle[0]?.closed;
    expect(idle.map(({ socket }) => socket.destroyed)).toEqual([true, false, false]);
  });

  const long = { ...forged, 'content-length': '900000', expect: '100-continue' };

  it('of forged bodies holds no more bytes than allowed: the oldest long one goes', async () => {
    const { dial, heard } = await open({ bytes: 400_000, short: 30_000 });
    const clients = [dial(), dial(), dial()];
    for (const client of clients) {
      client.send(wire({ headers: long, isHeadOnly: true }));
      await client.statuses();
    }
    const [small, first, second] = clients;
    small?.send('x'.repeat(20_000));
    first?.send('x'.repeat(199_000));
    second?.send('x'.repeat(199_000));
    const either = [first, second].map((client) => client?.statuses(2));
    expect(await Promise.race(either)).toEqual([100, 503]);
    const slack = dial();
    slack.send(wire());
    expect(await slack.statuses()).toEqual([200]);
    expect(await small?.statuses()).toEqual([100]);
    expect(heard).toHaveLength(1);
  });

  it('of forged bodies leaves room for short ones alone', async () => {
    const { dial, heard } = await open({ bytes: 400_000, short: 30_000 });
    const first = dial();
    first.send(wire({ headers: long, isHeadOnly: true }));
    await first.statuses();
    first.send('x'.repeat(250_000));
    const refused = async () => {
      const client = dial();
      client.send(wire({ headers: { ...long, expect: undefined }, isHeadOnly: true }));
      return await client.statuses();
    };
    await expect.poll(refused).toEqual([503]);
    const slack = dial();
    slack.send(wire());
    expect(await slack.statuses()).toEqual([200]);
    expect(heard).toHaveLength(1);
  });

  it('of refused requests is a line in the log for each reason, and then their number', async () => {
    let nowMs = Date.now();
    const { dial, log } = await open({}, () => new Date(nowMs));
    const refuseOne = async () => {
      const client = dial();
      client.send(wire({ path: '/' }));
      await client.closed;
    };
    for (let n = 0; n < 3; n += 1) await refuseOne();
    nowMs += 10_000;
    await refuseOne();
    const why = 'expected POST /slack/events';
    expect(log.lines.map(({ facts }) => facts)).toEqual([
      { status: 404, why },
      { status: 404, why, moreSinceThen: 2 },
    ]);
  });
});
