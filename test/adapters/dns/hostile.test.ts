import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { readQuestion, writeName, writeReply } from '../../../sandbox/dns/wire.ts';
import { reverseName, startDns } from '../../../sandbox/dns.ts';
import { createResolver } from '../../../src/adapters/dns/resolver.ts';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { askDns, sayNames } from '../../../src/diagnosis/dns-facts.ts';
import { gather } from '../../../src/diagnosis/gather.ts';
import { lookAt, sayToday } from '../../../src/sweep/look.ts';
import { createFakeResolver } from '../../fakes/resolver.ts';
import { createFakeServer } from '../../fakes/server.ts';
import { CLIENT, NAME } from '../../scenarios/clients.ts';
import { entry } from '../../scenarios/entries.ts';

/** Resolvers that flood, lie or break off: what Node's resolver passes on is one answer or one reason. */

type Replies = (question: Buffer) => readonly Buffer[];

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** By UDP alone. */
async function answering(replies: Replies) {
  const socket = createSocket('udp4');
  socket.on('message', (question, { port, address }) => {
    for (const reply of replies(question)) socket.send(reply, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closing.push(() => socket.close());
  return createResolver([`127.0.0.1:${socket.address().port}`]);
}

function replyOf(message: Buffer, ...names: readonly Buffer[]): Buffer {
  const question = readQuestion(message);
  if (question === null) throw new Error('expected a question');
  const records = names.map((data) => ({ name: question.name, type: 'PTR', data }) as const);
  return writeReply(question, { rcode: 'NOERROR', records });
}

const label = (text: string) => Buffer.from([text.length, ...Buffer.from(text, 'latin1')]);
const END = Buffer.from([0]);

it.each([
  {
    name: 'another id before the right one',
    replies: (question: Buffer) => {
      const wrong = Buffer.from(replyOf(question, writeName('evil.example')));
      wrong.writeUInt16BE(wrong.readUInt16BE(0) ^ 1, 0);
      return [wrong, replyOf(question, writeName('a.example'))];
    },
    is: { host: 'a.example' },
  },
  {
    name: 'controls and bytes that are no text',
    replies: (question: Buffer) => [
      replyOf(question, Buffer.concat([label('\u001b[31m\u009b\n'), label('example'), END])),
    ],
    is: { rejected: 'no-ptr', confirmed: false },
  },
  {
    name: 'the longest name',
    replies: (question: Buffer) => [
      replyOf(
        question,
        Buffer.concat([
          ...'abc'.split('').map((l) => label(l.repeat(63))),
          label('d'.repeat(61)),
          END,
        ]),
      ),
    ],
    is: { host: expect.stringMatching(/^a{63}\.b{63}\.c{63}\.d{61}$/) },
  },
  {
    name: 'a name of pointers that go in circles',
    replies: (question: Buffer) => {
      const reply = replyOf(question, Buffer.from([0xc0, 0]));
      reply.writeUInt8(reply.length - 2, reply.length - 1);
      return [reply];
    },
    is: { status: 'failed', why: 'unreadable answer' },
  },
  {
    name: 'an answer that is cut off',
    replies: (question: Buffer) => [replyOf(question, writeName('a.example')).subarray(0, -4)],
    is: { status: 'failed', why: 'unreadable answer' },
  },
  {
    name: 'a truncated answer, and nothing by TCP',
    replies: (question: Buffer) => {
      const reply = Buffer.from(replyOf(question));
      reply[2] = (reply[2] ?? 0) | 2;
      return [reply];
    },
    is: { status: 'failed', why: 'connection refused' },
  },
])('$name', async ({ replies, is }) => {
  const facts = await askDns(CLIENT, await answering(replies));
  expect(facts).toMatchObject(is);
});

it('aliases without end are no name', async () => {
  const { dns, address, close } = await startDns();
  closing.push(close);
  const reverse = reverseName(CLIENT.text);
  for (const at of Array.from({ length: 20 }, (_, at) => at)) {
    dns.answer(at === 0 ? reverse : `${at}.loop.example`, 'CNAME', [`${at + 1}.loop.example`]);
  }
  const facts = await askDns(CLIENT, createResolver([address]));
  expect(facts).toMatchObject({ host: null, confirmed: false });
});

it('a thousand names: all are compared, three are kept and shown', async () => {
  const { dns, address, close } = await startDns();
  closing.push(close);
  const names = Array.from({ length: 1000 }, (_, at) => `n${at}.example`);
  dns.ptr(CLIENT.text, names);
  const resolver = createResolver([address]);
  const target = (host: string) => ({
    server: createFakeServer({ entries: [entry({ host })] }),
    resolver,
  });
  const now = new Date('2026-11-21T04:00:12Z');
  const look = async (host: string) =>
    (await lookAt(target(host), now, ({ named }) => named)).names.get(CLIENT.text);
  expect(await look('N999.example')).toEqual({ kind: 'current' });
  const check = await look(NAME);
  if (check?.kind !== 'stale') throw new Error('expected a stale name');
  expect(check.today).toHaveLength(3);
  const THREE = 'n0.example, n1.example, n2.example and 997 more';
  expect(sayToday(check)).toBe(`DNS gives ${THREE}`);
  const evidence = await gather(target(NAME), { client: CLIENT, user: null, readAt: now });
  const { findings } = diagnose(evidence);
  const stale = findings.find(({ rule }) => rule === 'stale-host');
  expect(stale?.cause).toContain(`DNS now gives ${THREE}. `);
});

it('a name that is longer than any has its beginning shown', async () => {
  const long = 'x'.repeat(100_000);
  const resolver = createFakeResolver({ ptr: { [CLIENT.text]: [long, long] } });
  const { host, rejected, names } = await askDns(CLIENT, resolver);
  expect(host).toBe(`${'x'.repeat(255)}…`);
  expect(rejected).toBe('no-ptr');
  expect(sayNames(names).length).toBeLessThan(600);
});
