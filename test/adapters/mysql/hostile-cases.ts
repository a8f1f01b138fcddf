import { expect } from 'vitest';
import * as packets from '../../../sandbox/fake-mysql/packets.ts';
import { type Answers, CACHE_QUERY } from '../../../sandbox/fake-mysql/serve.ts';
import type { Script, Session } from '../../../sandbox/fake-mysql/server.ts';

/** What hostile servers send, and the sentence that it ends in. */

export const MEGABYTE = 1024 * 1024;
/** Sends until the client has gone, with sequence numbers that go on. */
async function endlessly(session: Session, payload: Buffer): Promise<never> {
  const times = payload.length > MEGABYTE ? 1 : 256;
  for (;;) {
    await session.write(
      Buffer.concat(Array.from({ length: times }, () => session.packet(payload))),
    );
  }
}

const HUGE = Buffer.alloc(0xff_ffff, 'x');
const ROW = packets.row(['192.0.2.1', 'a.example.com', 'YES', '0']);
const COLUMNS = ['IP', 'HOST', 'HOST_VALIDATED', 'SUM_CONNECT_ERRORS'];
const HEAD = packets.resultSet(COLUMNS, []).slice(0, -1);

async function sendAll(session: Session, payloads: readonly Buffer[]): Promise<void> {
  for (const payload of payloads) await session.send(payload);
}

export const NOT_READ =
  /^main: the answer of bot@\S+ cannot be read; check that a MySQL server listens there\.$/;
const TOO_MUCH = /^main: bot@\S+ sends more than an answer can hold; check that a MySQL server/;
const CLOSED = /^main: bot@\S+ closed the connection\.$/;

interface Case {
  readonly name: string;
  readonly script: Script;
  readonly says: RegExp;
}

/** While it logs in. */
export const GREETINGS: readonly Case[] = [
  {
    name: 'endless bytes instead of a greeting',
    script: (session) => endlessly(session, HUGE),
    says: TOO_MUCH,
  },
  {
    name: 'a greeting of 1 MB',
    script: (session) => session.send(packets.greeting({ version: 'x'.repeat(MEGABYTE) })),
    says: TOO_MUCH,
  },
  {
    name: 'a greeting of one byte',
    script: (session) => session.send(Buffer.from([10])),
    says: NOT_READ,
  },
  {
    name: 'a web server',
    script: (session) => session.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
    says: /^main: bot@\S+ did not answer within 3 s\.$/,
  },
  {
    name: 'endless requests for another plugin',
    script: async (session) => {
      await session.send(packets.greeting({}));
      await session.read();
      for (;;) await session.send(packets.authSwitch(packets.NATIVE));
    },
    // The client's replies have numbers too; a slow client may not come so far.
    says: /cannot be read|did not answer within/,
  },
  {
    name: 'the old request for a plugin',
    script: async (session) => {
      await session.send(packets.greeting({}));
      await session.read();
      await session.send(Buffer.from([0xfe]));
    },
    says: /asks for an authentication plugin that hostcache does not have/,
  },
  {
    name: 'an error of 60 kB, with lines and colours',
    script: (session) =>
      session.send(packets.errorPacket(1040, '08004', `\u001b[31m\n${'no '.repeat(20_000)}`)),
    says: /^main: bot@\S+ has no free connection \(1040\)\.$/,
  },
  {
    name: 'an unknown error of 60 kB',
    script: (session) => session.send(packets.errorPacket(9999, 'HY000', 'no\n'.repeat(20_000))),
    says: /^main: (?:bot@\S+: )?(?:no ){90,110}n?o?…(?: \(9999\))?\.$/,
  },
  {
    name: 'an error without its number',
    script: (session) => session.send(Buffer.from([0xff])),
    says: NOT_READ,
  },
  {
    name: 'more packets behind the login',
    script: async (session) => {
      await session.send(packets.greeting({}));
      await session.read();
      await session.write(Buffer.concat([session.packet(packets.OK), session.packet(ROW)]));
    },
    says: /^main: (?:bot@\S+ closed the connection|the answer of bot@\S+ cannot be read)/,
  },
  {
    name: 'a broken error behind the login',
    script: async (session) => {
      await session.send(packets.greeting({}));
      await session.read();
      await session.write(
        Buffer.concat([session.packet(packets.OK), session.packet(Buffer.from([0xff]))]),
      );
    },
    says: /^main: (?:bot@\S+ closed the connection|the answer of bot@\S+ cannot be read)/,
  },
];

/** Answers to the question for one entry of the host cache. */
export const ANSWERS: readonly {
  readonly name: string;
  readonly answers: Answers;
  readonly says: RegExp;
}[] = [
  {
    name: 'a request for a local file',
    answers: [
      [
        CACHE_QUERY,
        async (session) => {
          await session.send(Buffer.from('\u00fb/etc/passwd', 'latin1'));
          expect((await session.read()).length).toBe(0);
          await session.send(packets.OK);
        },
      ],
    ],
    says: NOT_READ,
  },
  {
    name: 'ten million rows',
    answers: [
      [
        CACHE_QUERY,
        async (session) => {
          await sendAll(session, HEAD);
          await endlessly(session, ROW);
        },
      ],
    ],
    says: TOO_MUCH,
  },
  {
    name: 'endless columns',
    answers: [
      [
        CACHE_QUERY,
        async (session) => {
          await session.send(Buffer.from([0xfe, 255, 255, 255, 255, 255, 0, 0, 0]));
          await endlessly(session, packets.column('c'));
        },
      ],
    ],
    says: TOO_MUCH,
  },
  {
    name: 'one row without end',
    answers: [
      [
        CACHE_QUERY,
        async (session) => {
          await sendAll(session, HEAD);
          await endlessly(session, HUGE);
        },
      ],
    ],
    says: TOO_MUCH,
  },
  {
    name: 'endless results',
    answers: [[CACHE_QUERY, (session) => endlessly(session, Buffer.from([0, 0, 0, 10, 0, 0, 0]))]],
    says: TOO_MUCH,
  },
  {
    name: 'rows that are shorter than their columns',
    answers: [
      [CACHE_QUERY, (session) => sendAll(session, [...HEAD, Buffer.from([200, 1]), packets.EOF])],
    ],
    says: NOT_READ,
  },
  {
    name: 'OK instead of rows',
    answers: [[CACHE_QUERY, (session) => session.send(packets.OK)]],
    says: NOT_READ,
  },
  {
    name: 'the end in the middle of a row',
    answers: [
      [
        CACHE_QUERY,
        async (session) => {
          await sendAll(session, HEAD);
          await session.write(Buffer.from([200, 0, 0, 9, 1, 2]));
          session.close();
        },
      ],
    ],
    says: CLOSED,
  },
  {
    name: 'silence in the middle of a row',
    answers: [
      [
        CACHE_QUERY,
        async (session) => {
          await sendAll(session, HEAD);
          await session.write(Buffer.from([200, 0, 0, 9, 1, 2]));
        },
      ],
    ],
    says: /^main: bot@\S+ did not answer within 3 s\.$/,
  },
  {
    name: 'an error of 60 kB',
    answers: [
      [
        CACHE_QUERY,
        (session) => session.send(packets.errorPacket(1142, '42000', 'no\r\n'.repeat(15_000))),
      ],
    ],
    says: /^main: a privilege is missing: (?:no ){90,110}n?o?… \(1142\); doctor prints the GRANT\.$/,
  },
];
