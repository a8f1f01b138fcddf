import { describe, expect, it } from 'vitest';
import { explain } from '../../src/diagnosis/explain.ts';
import type { Mention } from '../../src/pasted/mentions.ts';
import { readPasted } from '../../src/pasted/read.ts';
import { fc } from '../chance.ts';

/** What holds for any text. */

type Known = readonly [text: string, mention: Partial<Mention>];

const addresses = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('app7.example.com', 'pc-12'));
const users = fc.constantFrom('app', 'shop', "o'brien", 'a b', 'root');

/** A line of a server, a proxy or a driver, with what it says. */
const knownLine: fc.Arbitrary<Known> = fc
  .tuple(addresses, users, fc.integer({ min: 0, max: 8 }))
  .map(([client, user, kind]): Known => {
    const lines: readonly Known[] = [
      [
        `Host '${client}' is not allowed to connect to this MySQL server`,
        { client, error: 1130, topic: 'refused' },
      ],
      [
        `ERROR 1129 (HY000): Host '${client}' is blocked because of many connection errors; unblock with 'mariadb-admin flush-hosts'`,
        { client, error: 1129, topic: 'blocked' },
      ],
      [
        `2026-01-01T00:00:01 5 [Note] Access denied for user '${user}'@'${client}' (using password: YES)`,
        { client, user, error: 1045, topic: 'denied' },
      ],
      [
        `[Warning] [MY-010055] [Server] IP address '${client}' could not be resolved: Name or service not known`,
        { client, topic: 'no-name' },
      ],
      [
        `IP address '${client}' could not be resolved: Temporary failure in name resolution`,
        { client, topic: 'lookup-failed' },
      ],
      [
        `[Note] Hostname 'web1.example.com' does not resolve to '${client}'.`,
        { client, topic: 'no-name' },
      ],
      ['ERROR 1040 (HY000): Too many connections', { error: 1040, topic: 'full' }],
      [
        `ProxySQL Error: Access denied for user '${user}'@'${client}' (using password: NO)`,
        { client, user, topic: 'refused-by-proxy', by: 'proxysql' },
      ],
      ['dial tcp 198.51.100.9:3306: connect: connection refused', { topic: 'no-answer' }],
    ];
    return lines[kind] ?? ['', {}];
  });

/** Lines that say nothing of a connection. */
const noise = fc.constantFrom(
  '',
  '   at com.example.Pool.get(Pool.java:120)',
  '[Note]  - 198.51.100.77',
  'Traceback (most recent call last):',
  '{"level":"info","msg":"starting"}',
);

/** Client, user and topic of each mention that has a topic. */
function told(mentions: readonly Partial<Mention>[]): readonly string[] {
  const texts = mentions.flatMap(({ client = null, user = null, topic = null }) =>
    topic === null ? [] : [[client, user, topic].join(' ')],
  );
  return [...new Set(texts)].sort();
}

it('the lines of one text, in any order and mix, give what each of them gives', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          knownLine,
          noise.map((line): Known => [line, {}]),
        ),
        { maxLength: 12 },
      ),
      (all) => {
        const text = all.map(([line]) => line).join('\n');
        const right = all.map(([, mention]) => mention).filter(({ topic }) => topic !== undefined);
        expect(told(readPasted(text).mentions)).toEqual(told(right));
      },
    ),
    { numRuns: 300 },
  );
});

const WRAPPINGS: Readonly<Record<string, (text: string) => string>> = {
  'a mail quotes it': (text) => text.replace(/^/gm, '> '),
  'a mail quotes a mail': (text) => text.replace(/^/gm, '>> > '),
  'a code fence': (text) => `\`\`\`sql\n${text}\n\`\`\``,
  'HTML entities': (text) => text.replace(/['"<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`),
  'named entities': (text) => text.replaceAll('&', '&amp;').replaceAll("'", '&apos;'),
  colours: (text) => text.replace(/^/gm, '\u001b[31m').replace(/$/gm, '\u001b[0m'),
  'a container': (text) => text.replace(/^/gm, 'db-1  | '),
  Kubernetes: (text) => text.replace(/^/gm, '2026-01-05T10:00:00.123456789Z stderr F '),
  'curly quotes': (text) => text.replaceAll("'", '\u2019'),
  'line ends of Windows': (text) => text.replaceAll('\n', '\r\n'),
  'JSON in JSON': (text) => JSON.stringify({ log: JSON.stringify({ message: text }) }),
  'words before and after': (text) => `it fails since noon:\n${text}\nany idea?`,
};

describe.each(Object.entries(WRAPPINGS))('%s changes nothing', (_, wrap) => {
  it('for any lines', () => {
    fc.assert(
      fc.property(fc.array(knownLine, { minLength: 1, maxLength: 5 }), (all) => {
        const text = all.map(([line]) => line).join('\n');
        expect(told(readPasted(wrap(text)).mentions)).toEqual(told(readPasted(text).mentions));
      }),
      { numRuns: 60 },
    );
  });
});

it('any bytes are read without throwing', () => {
  const pieces = fc.oneof(
    knownLine.map(([line]) => line),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.constantFrom("'", '"', '\\', '| ', '\t', ',', '{', '[', '<row>', '*** 1. row ***\n', '%27'),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      const { messages, exit } = explain(parts.join(''), new Date());
      expect(messages.length).toBeGreaterThan(0);
      expect([0, 1, 2]).toContain(exit);
    }),
    { numRuns: 300 },
  );
});

it('lines that say nothing are counted, and the first is known by its number', () => {
  const lines = [
    '',
    'what is this',
    "Host '192.0.2.7' is not allowed to connect to this MySQL server",
    'and this',
  ];
  expect(readPasted(lines.join('\n')).passedOver).toEqual([
    { line: 2, text: 'what is this' },
    { line: 4, text: 'and this' },
  ]);
});
