import { describe, expect, it } from 'vitest';
import { explain } from '../../src/diagnosis/explain.ts';
import { readPasted } from '../../src/pasted/read.ts';
import { fc } from '../chance.ts';
import { BENT } from './pasted/bent.ts';
import { DRIVERS } from './pasted/drivers.ts';
import { LANGUAGES } from './pasted/languages.ts';
import { MORE_DRIVERS } from './pasted/more-drivers.ts';
import { MORE_PROGRAMS } from './pasted/more-programs.ts';
import { NOBODY, NOTHING } from './pasted/nobody.ts';
import type { Pasted } from './pasted/pasted.ts';
import { PROGRAMS } from './pasted/programs.ts';

/** Error messages of real programs and servers: which error, which client, which user. */

function check({ text, error, hosts, user }: Pasted): void {
  expect(readOf(text)).toEqual({ error, hosts, user: user ?? null });
}

/** The first error, all clients, the first user; null = nothing is understood. */
function readOf(text: string) {
  const { mentions } = readPasted(text);
  const [first] = mentions;
  if (first === undefined) return null;
  return {
    error: first.error,
    hosts: [...new Set(mentions.flatMap(({ client }) => client ?? []))],
    user: mentions.find((mention) => mention.user !== null)?.user ?? null,
  };
}

describe('as programs print it', () => {
  it.each(PROGRAMS)('$name', check);
});

describe('as drivers raise it', () => {
  it.each(DRIVERS)('$name', check);
});

describe('as they are met, and what is said of them', () => {
  it.each([...MORE_PROGRAMS, ...MORE_DRIVERS])('$name', ({ rule, ...pasted }) => {
    check(pasted);
    const { rows, exit, messages } = explain(pasted.text, new Date());
    const findings = rule === null ? [] : [{ rule }];
    expect(rows[0]).toMatchObject({ client: pasted.hosts[0] ?? null, findings });
    expect(exit).toBe(rule === null ? 0 : 1);
    expect(messages[0]?.headline).not.toMatch(/^Expected/);
  });

  it('no text stands here twice', () => {
    const texts = [...PROGRAMS, ...DRIVERS, ...LANGUAGES, ...BENT, ...NOBODY];
    const all = [...texts, ...MORE_PROGRAMS, ...MORE_DRIVERS].map(({ text }) => text);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('as servers say it in other languages', () => {
  it.each(LANGUAGES)('$name', check);
});

describe('as chat, mail and shells bend it', () => {
  it.each(BENT)('$name', check);
});

describe('no client is named', () => {
  it.each(NOBODY)('$name', check);
});

it.each(NOTHING)('"%s" is no error message', (text) => expect(readOf(text)).toBeNull());

describe('any text', () => {
  const PIECES = [
    "Host '",
    "' is not allowed to connect to this MySQL server",
    "Access denied for user '",
    "'@'",
    "' (using password: YES)",
    "' to database '",
    "'mysqladmin flush-hosts'",
    'ERROR 1130 (HY000): ',
    ...["'", '"', '\n> ', '192.0.2.7', '2001:db8::5', 'merp.example.com', '&#039;', '<!channel>'],
  ];
  const pieces = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary' })));

  it('is read without throwing, and names hosts once that one can ask about', () => {
    fc.assert(
      fc.property(
        pieces.map((parts) => parts.join('')),
        (text) => {
          const pasted = readOf(text);
          if (pasted === null) return;
          expect(new Set(pasted.hosts).size).toBe(pasted.hosts.length);
          for (const host of pasted.hosts) expect(host).toMatch(/^[\w.:-]+(%\w+)?$/);
          expect(pasted.error !== null || pasted.hosts.length > 0).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  // Read with a look back at each character, these would take minutes.
  it.each([
    "Access denied for user '".repeat(5000),
    `${"'a' ".repeat(20_000)}MySQL`,
    `${"'a b' ".repeat(20_000)}`,
    `Host ${'x'.repeat(100_000)}`,
    `${"'".repeat(100_000)}@`,
    ` \n>`.repeat(30_000),
  ])('of great length is read in the end: %#', (text) => {
    const pasted = readOf(text);
    expect(pasted?.error ?? null).toBeNull();
  });
});
