import { describe, expect, it } from 'vitest';
import { type Draft, FORM, forged, MEGABYTE, open, wire } from './http-rig.ts';

/** The port of HTTP mode, byte by byte: what is refused before its body, and what is heard. */

const chunked = { 'content-length': undefined, 'transfer-encoding': 'chunked' };
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
